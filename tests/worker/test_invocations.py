"""How invocations.yml is read: what the host sends to a function, and what is expected."""

from pathlib import Path

import pytest

from tests.worker.exchange import NOTHING, AmqpMessage, BindingData, Call, HttpRequest, TypedValue
from tests.worker.invocations import (
    Answer,
    Expected,
    InvalidInvocation,
    Invocation,
    load_invocations,
)


def load(folder: Path, text: str, kind: str = "queue", name: str = "orders") -> list[Invocation]:
    (folder / "invocations.yml").write_text(text, encoding="utf-8")
    return load_invocations(folder, kind, name)


def test_an_item_with_http_is_a_request(tmp_path: Path) -> None:
    [item] = load(
        tmp_path,
        """
        - title: a body
          http: {method: POST, url: /api/x, headers: {X-A: b}, body: "Zoë"}
          answers: {status: 201, text: ok, headers: {Location: /y}}
        """,
    )
    assert item.title == "a body"
    assert item.request == HttpRequest("POST", "/api/x", {"x-a": "b"}, "Zoë".encode())
    assert item.expected == Expected(Answer(201, None, "ok", {"location": "/y"}))


def test_an_item_with_inputs_is_a_call(tmp_path: Path) -> None:
    [item] = load(
        tmp_path,
        """
        - title: one
          inputs: {message: {string: hi}}
          metadata: {Id: {json: "1"}}
          returns: {bytes: bye}
          outputs: {other: {json: "[]"}}
          raises: ValueError
          logs: [a, b]
        """,
    )
    assert item.request == Call(
        "orders", {"message": TypedValue("string", "hi")}, {"Id": TypedValue("json", "1")}
    )
    assert item.expected == Expected(
        returned=TypedValue("bytes", b"bye"),
        outputs={"other": TypedValue("json", "[]")},
        raised="ValueError",
        logged=("a", "b"),
    )


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("{string: a}", TypedValue("string", "a")),
        ("{json: '{}'}", TypedValue("json", "{}")),
        ("{bytes: é}", TypedValue("bytes", b"\xc3\xa9")),
        ("{base64: /w==}", TypedValue("bytes", b"\xff")),
        ("{collection_string: [a, b]}", TypedValue("collection_string", ["a", "b"])),
        ("null", NOTHING),
        ("{collection_sint64: [1, 2]}", TypedValue("collection_sint64", [1, 2])),
        ("{collection_bytes: [a, é]}", TypedValue("collection_bytes", [b"a", b"\xc3\xa9"])),
        ('{collection_base64: [/w==, ""]}', TypedValue("collection_bytes", [b"\xff", b""])),
        (
            "{model_binding_data: {source: AzureStorageBlobs, json: {BlobName: n}}}",
            TypedValue("model_binding_data", BindingData("AzureStorageBlobs", '{"BlobName": "n"}')),
        ),
        (
            "{collection_model_binding_data: [{source: S, amqp: {body: é, properties: {a: b}}}]}",
            TypedValue(
                "collection_model_binding_data",
                [BindingData("S", AmqpMessage(b"\xc3\xa9", properties={"a": "b"}))],
            ),
        ),
    ],
)
def test_a_value_has_a_type(tmp_path: Path, typed: str, value: TypedValue) -> None:
    [item] = load(tmp_path, f"[{{title: t, inputs: {{x: {typed}}}, logs: l}}]")
    assert isinstance(item.request, Call)
    assert item.request.inputs == {"x": value}


def test_a_request_comes_with_the_values_of_input_bindings(tmp_path: Path) -> None:
    [item] = load(
        tmp_path,
        "[{title: t, http: {method: GET, url: /}, inputs: {x: {bytes: a}}, logs: l}]",
    )
    assert item.request == HttpRequest("GET", "/", inputs={"x": TypedValue("bytes", b"a")})


def test_an_item_says_what_a_service_has_stored(tmp_path: Path) -> None:
    first, second = load(
        tmp_path,
        """
        - title: blobs and documents
          inputs: {}
          stored: {queue-example/a.txt: text, items: [{id: "1"}]}
          logs: l
        - {title: nothing, inputs: {}, logs: l}
        """,
    )
    assert first.stored == {"orders/a.txt": "text", "items": [{"id": "1"}]}
    assert second.stored == {}


def test_placeholders_give_way_to_the_name(tmp_path: Path) -> None:
    text = """
    - title: t
      inputs: {x: {string: event_hub_example event-hub-example EVENT_HUB_EXAMPLE EventHubExample}}
      logs: event_hub_example_2
    """
    [item] = load(tmp_path, text, "event_hub", "new_orders")
    assert isinstance(item.request, Call)
    assert item.request.function == "new_orders"
    assert item.request.inputs["x"].value == "new_orders new-orders NEW_ORDERS NewOrders"
    assert item.expected.logged == ("new_orders_2",)


def test_an_item_can_be_for_another_function(tmp_path: Path) -> None:
    [item] = load(tmp_path, "[{title: t, function: queue_example_poison, inputs: {}, logs: l}]")
    assert isinstance(item.request, Call)
    assert item.request.function == "orders_poison"


def test_an_item_can_share_parts_with_another(tmp_path: Path) -> None:
    first, second = load(
        tmp_path,
        """
        - &first
          title: one
          inputs: {x: {string: a}}
          metadata: &metadata {Id: {string: "7"}}
          logs: done
        - <<: *first
          title: two
          metadata: {<<: *metadata, Count: {json: "2"}}
        """,
    )
    assert isinstance(first.request, Call)
    assert isinstance(second.request, Call)
    assert second.title == "two"
    assert second.expected == first.expected
    assert second.request.inputs == first.request.inputs
    assert set(second.request.metadata) == {"Id", "Count"}


REFUSED = [
    ("{}", "not a list"),
    ("[]", "not a list"),
    ("- {title: a, http: {method: GET, url: [}}", "invocations.yml: while parsing"),
    ("- text", "'text' is not a mapping"),
    ("- {inputs: {}, logs: l}", "title is missing"),
    ("- {title: T, logs: l}", "'T': give http or inputs"),
    ("- {title: T, inputs: {}}", "say what comes of it"),
    ("- {title: T, inputs: {}, log: l}", "unknown key 'log'"),
    ("- {title: T, inputs: {}, answers: {status: 200}}", "answers does not go with inputs"),
    ("- {title: T, http: {method: GET, url: /}, returns: {string: a}}", "returns does not go"),
    ("- {title: T, http: {method: GET, url: /}, metadata: {}, logs: l}", "metadata does not go"),
    ("- {title: T, http: {method: GET, url: api/x}, logs: l}", "url does not begin with /"),
    ("- {title: T, http: {method: GET}, logs: l}", "url is missing"),
    ("- {title: T, http: {method: GET, url: /, query: q}, logs: l}", "unknown key 'query'"),
    ("- {title: T, http: {method: GET, url: /, headers: {a: 1}}, logs: l}", "1 is not text"),
    ("- {title: T, http: {method: GET, url: /}, answers: {json: 1}}", "status is missing"),
    ("- {title: T, http: {method: GET, url: /}, answers: {status: ok}}", "status cannot be 'ok'"),
    ("- {title: T, inputs: {x: a}, logs: l}", "'a' is not a value such as"),
    ("- {title: T, inputs: {x: {text: a}}, logs: l}", "is not a value such as"),
    ("- {title: T, inputs: {x: {string: a, json: a}}, logs: l}", "is not a value such as"),
    ("- {title: T, inputs: {x: {json: 1}}, logs: l}", "1 is not text; put it in quotes"),
    ("- {title: T, inputs: {x: {base64: '*'}}, logs: l}", "'T'"),
    ("- {title: T, inputs: {x: {collection_bytes: a}}, logs: l}", "'a' is not a list"),
    ("- {title: T, inputs: {x: {collection_sint64: [a]}}, logs: l}", "whole numbers"),
    ("- {title: T, inputs: {x: {model_binding_data: a}}, logs: l}", "'a' is not a mapping"),
    ("- {title: T, inputs: {x: {model_binding_data: {source: S}}}, logs: l}", "json or amqp"),
    (
        "- {title: T, inputs: {x: {model_binding_data: {source: S, amqp: {}}}}, logs: l}",
        "body is missing",
    ),
    ("- {title: T, inputs: {x: {collection_model_binding_data: {}}}, logs: l}", "is not a list"),
    ("- {title: T, inputs: {}, stored: {c/n: 1}, logs: l}", "c/n cannot be 1"),
    ("- {title: T, inputs: {}, logs: [1]}", "1 is not text"),
]


@pytest.mark.parametrize(("text", "message"), REFUSED)
def test_a_wrong_item_is_refused_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InvalidInvocation, match=r"^queue/invocations\.yml") as refusal:
        load(tmp_path, text)
    assert message in str(refusal.value)
