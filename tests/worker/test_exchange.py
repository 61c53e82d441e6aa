"""What the tests and the worker tell each other, as lines of JSON."""

import pytest

from tests.worker.exchange import (
    AmqpMessage,
    BindingData,
    Call,
    Failure,
    HttpAnswer,
    HttpRequest,
    Result,
    TypedValue,
    dumps,
    loads,
)


@pytest.mark.parametrize(
    "content",
    [
        HttpRequest("GET", "/api/x?y=1", {"a": "b"}, b"\xff"),
        Call("f", {"x": TypedValue("collection_bytes", [b"\x00", b"a"])}, {}),
        Call("f", {"x": TypedValue("model_binding_data", BindingData("S", AmqpMessage(b"a")))}),
        Result(HttpAnswer(200, {}, b"ok"), TypedValue("int", 3), {}, ["a"], Failure("m", "s")),
        {"functions": {"f": [{"type": "timerTrigger"}]}, "results": [Result(logs=[])]},
    ],
)
def test_what_is_written_as_json_is_read_as_it_was(content: object) -> None:
    assert loads(dumps(content)) == content


def test_json_is_on_one_line() -> None:
    assert len(dumps(Failure("a\nb", "c\r\nd\u2028")).splitlines()) == 1


def test_other_objects_are_refused() -> None:
    with pytest.raises(TypeError, match="no JSON"):
        dumps({"x": object()})
