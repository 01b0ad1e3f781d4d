"""What every resource of this package shares."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Mapping, Sequence
from typing import Any, ClassVar

import pulumi
from pulumi.dynamic import Resource
from typing_extensions import Self

from .._wire import Address
from ..definitions import Kind
from ..definitions.values import Problem
from . import mocked, options


class EntraResource(Resource):
    """A resource with its provider's address, which can be read instead of made.

    What a user derives from one is the same resource to Pulumi, unless its class has a `module` and `name` of its own.
    """

    _kind: ClassVar[Kind | None] = None

    def __init_subclass__(cls, **token: str) -> None:
        inherited: str = getattr(cls, "_resource_type_name", "")
        super().__init_subclass__(**token)
        if not token:  # for which Pulumi would make it a `dynamic:Resource`
            cls._resource_type_name = inherited

    @property
    @pulumi.getter(name="tenantId")
    def tenant_id(self) -> pulumi.Output[str]:
        """The tenant that the resource is in, a GUID."""
        return self._output("tenantId")

    @property
    @pulumi.getter(name="writtenAt")
    def written_at(self) -> pulumi.Output[str | None]:
        """When this stack last wrote it, by Graph's clock: UTC, `2026-01-31T12:00:00Z`; None if it never did."""
        return self._output("writtenAt")

    def __init__(
        self,
        resource_name: str,
        properties: dict[str, Any],
        opts: pulumi.ResourceOptions | None,
        absent: Collection[str] = (),
    ) -> None:
        """`absent` are arguments that are not given, and so not in the engine's answer either.

        An output that Pulumi does not wait for saves time: it waits for all of a program's at once, again and again.
        """
        imported = opts.import_ if opts else None
        properties = {"tenantId": None, "writtenAt": None, **properties}
        opts = options.translated(f"{type(self).__name__} {resource_name!r}", opts, properties, self._kind)
        if not (opts and opts.ignore_changes):  # with which the state's arguments are in the answer
            properties = {name: value for name, value in properties.items() if name not in absent}
        if imported is not None:
            opts, properties = _without_import(opts), {**properties, "importId": _never_none(imported)}
        if pulumi.runtime.is_dry_run() and not (mocked.is_on() or (opts and opts.id is not None)):
            properties["_preview"] = pulumi.Output.from_input(self._said_in_preview(resource_name, opts))
        super().__init__(Address(self._address()), resource_name, properties, opts)
        if imported is not None:
            self._say_that_it_imports(imported)

    async def _said_in_preview(self, resource_name: str, opts: pulumi.ResourceOptions | None) -> dict[str, Any]:
        """What the host is told in a preview alone, and by nobody else: that it is one, and which resource this is.

        Made when the program has been read, and no output of the parent: the host hands it on to nobody.
        """
        types = f"pulumi-python:{self._resource_type_name}"
        parent = await opts.parent.urn.future() if opts and opts.parent else None
        if parent and (above := parent.split("::")[2]) != "pulumi:pulumi:Stack":
            types = f"{above}${types}"
        return {"urn": f"urn:pulumi:{pulumi.get_stack()}::{pulumi.get_project()}::{types}::{resource_name}"}

    def _say_that_it_imports(self, imported: Any) -> None:
        text = (
            "imports {}: it is read and compared with the program, and nothing is created or written in the tenant. "
            "Once it is in the stack, import_ has no effect: take it out of the options"
        )
        pulumi.Output.from_input(imported).apply(lambda id_: pulumi.log.info(text.format(id_), resource=self))

    @classmethod
    @abstractmethod
    def _address(cls) -> str:
        """The name that the provider is known by, in users' states too."""

    def _checked_if_mocked(
        self, resource_name: str, inputs: Mapping[str, Any], opts: pulumi.ResourceOptions | None
    ) -> None:
        """Raises pulumi.RunError for invalid arguments where no host does that."""
        if mocked.is_on():
            everything = {**inputs, "importId": opts.import_ if opts else None}
            given = {name: value for name, value in everything.items() if value is not None}
            mocked.refuse(f"{type(self).__name__} {resource_name!r}", self._kind, self._problems(given))

    @abstractmethod
    def _problems(self, inputs: dict[str, Any]) -> Sequence[Problem]:
        """What the host's check finds, by the same pure code, which a program that is not mocked never loads."""

    def _output(self, name: str) -> pulumi.Output[Any]:
        """An output by its wire name, under which the engine's answer is kept; None for an argument that is absent."""
        output: pulumi.Output[Any] | None = self.__dict__.get(name)
        return pulumi.Output.from_input(None) if output is None else output

    @classmethod
    def _existing(
        cls,
        resource_name: str,
        properties: Sequence[str],
        id: pulumi.Input[str],
        opts: pulumi.ResourceOptions | None,
    ) -> Self:
        """The resource with this id, its properties filled by read."""
        if opts is not None and opts.import_ is not None:
            raise pulumi.RunError(
                f"{cls.__name__} {resource_name!r}: get() reads and manages nothing; to take it over, "
                "give import_ to a resource that says what it is"
            )
        resource = cls.__new__(cls)
        options = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(id=id))
        EntraResource.__init__(resource, resource_name, dict.fromkeys(properties), options)
        return resource


def _never_none(imported: Any) -> Any:
    """An output of None would be left out on its way, and the resource be created; an empty id is refused."""
    return imported if isinstance(imported, str) else pulumi.Output.from_input(imported).apply(lambda id_: id_ or "")


def _without_import(opts: pulumi.ResourceOptions | None) -> pulumi.ResourceOptions:
    """For the dynamic host, which cannot import: create is given the id as an input and takes it over.

    Should the resource be replaced while the option stands, create would take over its own id and delete would remove
    it then. Deleted first, create says that it does not exist.
    """
    without = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(delete_before_replace=True))
    without.import_ = None
    return without
