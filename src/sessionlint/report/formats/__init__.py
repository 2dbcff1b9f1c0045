"""The output formats, one a file, called as users call them; each defines `render(view, out)`."""
