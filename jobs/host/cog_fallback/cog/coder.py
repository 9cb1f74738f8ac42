"""Ways to carry types of a model's own; kept so that models which name them can be imported."""

from typing import Any, ClassVar


class Coder:
    """Turns a type into JSON objects and back."""

    _coders: ClassVar[set[type["Coder"]]] = set()

    @staticmethod
    def register(coder: "type[Coder]") -> None:
        """Add a coder."""
        Coder._coders.add(coder)

    @staticmethod
    def lookup(kind: Any) -> "Coder | None":
        """The coder for a type, if there is one."""
        made = (coder.factory(kind) for coder in Coder._coders)
        return next((one for one in made if one is not None), None)

    @staticmethod
    def factory(tpe: type[Any]) -> "Coder | None":
        """A coder for the type, if this class is one."""
        raise NotImplementedError

    def encode(self, x: Any) -> dict[str, Any]:
        """A value as a JSON object."""
        raise NotImplementedError

    def decode(self, x: dict[str, Any]) -> Any:
        """The value of a JSON object."""
        raise NotImplementedError
