"""Methods that look at a whole instance, called by Python itself or by whoever serializes it."""

from __future__ import annotations

from sessionlint.knowledge.words import words

IMPLICIT = words(
    """
    __eq__ __ne__ __lt__ __le__ __gt__ __ge__ __hash__ __len__ __bool__ __iter__ __contains__ __getitem__ __format__ __html__ __json__
    __rich_repr__ __int__ __float__ __bytes__
    """
)
"""Called by operators, built-ins, containers and templates."""

SERIALIZERS = words(
    """
    to_dict as_dict asdict todict to_json as_json tojson to_json_dict to_dictionary serialize serialise serialized to_representation
    """
)
"""What an instance's own way to a dict or to JSON is called."""

LOOKING = frozenset({"__dict__", "vars", "unloaded", "expired_attributes", "loaded_value", "instance_dict", "instance_state"})
"""Names by which a program looks what is in memory of an instance, without loading anything."""
