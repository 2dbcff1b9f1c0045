"""Classes and functions that read the attributes of the objects that they are given."""

from __future__ import annotations

PYDANTIC = frozenset(
    {
        "pydantic.BaseModel",
        "pydantic.main.BaseModel",
        "pydantic.generics.GenericModel",
        "pydantic.v1.BaseModel",
        "pydantic.RootModel",
        "sqlmodel.SQLModel",
        "fastapi_users.schemas.BaseUser",
        "fastapi_users.schemas.CreateUpdateDictModel",
    }
)
"""What Pydantic's models inherit."""

READING = frozenset({"sqlmodel.SQLModel", "fastapi_users.schemas.BaseUser"})
"""Those of them that set `from_attributes` themselves."""

VALIDATING = frozenset({"model_validate", "from_orm", "parse_obj", "validate"})
"""Class methods of a Pydantic model that read an object."""

MARSHMALLOW: dict[str, str] = {
    "marshmallow.Schema": "plain",
    "marshmallow.schema.Schema": "plain",
    "flask_marshmallow.Marshmallow.Schema": "plain",
    "flask_marshmallow.Marshmallow.SQLAlchemySchema": "plain",
    "flask_marshmallow.Marshmallow.SQLAlchemyAutoSchema": "auto",
    "flask_marshmallow.Marshmallow.ModelSchema": "auto",
    "marshmallow_sqlalchemy.SQLAlchemySchema": "plain",
    "marshmallow_sqlalchemy.SQLAlchemyAutoSchema": "auto",
    "marshmallow_sqlalchemy.schema.SQLAlchemyAutoSchema": "auto",
    "marshmallow_sqlalchemy.ModelSchema": "auto",
}
"""What marshmallow's schemas inherit; an `auto` one takes its fields from a mapped class."""

ROOT_MODEL = "pydantic.RootModel"
"""A Pydantic model of one value without a name: what it holds stands in brackets after its name, or is annotated as `root`."""

ADAPTERS = frozenset({"pydantic.TypeAdapter", "pydantic.type_adapter.TypeAdapter"})
"""Objects that validate against the type that they were made with."""

PARSING = frozenset({"pydantic.parse_obj_as", "pydantic.tools.parse_obj_as", "pydantic.deprecated.tools.parse_obj_as"})
"""Functions that take a type and an object to validate."""

DUMPING = frozenset({"dump", "dumps", "jsonify"})
"""Methods of a schema that read an object."""

TAKING_APART = frozenset({"dataclasses.asdict", "dataclasses.astuple", "dataclasses.replace"})
"""Functions that read every field of a dataclass."""
