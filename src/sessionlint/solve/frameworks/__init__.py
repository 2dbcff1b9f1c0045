"""What frameworks do around a function: dependencies, templates, serializers, users."""
