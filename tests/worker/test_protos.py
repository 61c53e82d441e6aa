"""The stand-in for the messages of the worker: it has their fields and no others."""

import pytest

from tests.worker import protos


def test_an_unknown_field_is_refused() -> None:
    with pytest.raises(ValueError, match='RpcHttp has no "statuscode" field'):
        protos.RpcHttp(statuscode="200")


def test_an_unknown_message_is_an_attribute_error() -> None:
    assert not hasattr(protos, "RpcHttpp")


def test_a_group_says_which_of_its_fields_is_set() -> None:
    assert protos.TypedData(json="1").WhichOneof("data") == "json"
    assert protos.TypedData(bytes=b"").WhichOneof("data") == "bytes"
    assert protos.ParameterBinding(name="x", data=protos.TypedData()).WhichOneof("rpc_data")


def test_none_leaves_a_field_unset() -> None:
    assert protos.TypedData(string=None).WhichOneof("data") is None
    assert protos.ParameterBinding(name="x", data=None).WhichOneof("rpc_data") is None


def test_unset_fields_read_as_empty() -> None:
    request = protos.InvocationRequest()
    assert (request.invocation_id, request.input_data, request.trigger_metadata) == ("", [], {})
    assert request.retry_context.retry_count == 0
    assert protos.RpcHttp().body.WhichOneof("data") is None


def test_a_field_that_does_not_exist_cannot_be_read() -> None:
    with pytest.raises(AttributeError, match="nothing"):
        protos.TypedData().nothing  # noqa: B018


def test_every_field_has_a_type_that_exists() -> None:
    for name in protos.FIELDS:
        message = getattr(protos, name)()
        for field in message.fields:
            getattr(message, field)
