"""The messages between host and worker, without protobuf or gRPC.

The worker never imports its message classes: the host hands it this module. It holds the messages
that the worker uses, named as in FunctionRpc.proto; unlike protobuf, they check no types.
"""

from collections.abc import Mapping
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, ClassVar

FIELDS = {
    # What the host asks.
    "WorkerInitRequest": "host_version:str capabilities:map[str] function_app_directory:str",
    "FunctionLoadRequest": "function_id:str",
    "InvocationRequest": "invocation_id:str function_id:str input_data:list[ParameterBinding]"
    " trigger_metadata:map[TypedData] trace_context:RpcTraceContext retry_context:RetryContext",
    "RpcTraceContext": "trace_parent:str trace_state:str attributes:map[str]",
    "RetryContext": "retry_count:int max_retry_count:int exception:RpcException",
    # What the worker answers.
    "WorkerInitResponse": "capabilities:map[str] worker_metadata:WorkerMetadata"
    " result:StatusResult",
    "WorkerMetadata": "runtime_name:str runtime_version:str worker_version:str worker_bitness:str"
    " custom_properties:map[str]",
    "FunctionMetadataResponse": "function_metadata_results:list[RpcFunctionMetadata]"
    " use_default_metadata_indexing:bool result:StatusResult",
    "RpcFunctionMetadata": "name:str function_id:str directory:str script_file:str entry_point:str"
    " language:str is_proxy:bool managed_dependency_enabled:bool bindings:map[BindingInfo]"
    " raw_bindings:list[str] retry_options:RpcRetryOptions properties:map[str]",
    "BindingInfo": "type:str direction:int data_type:int",
    "RpcRetryOptions": "max_retry_count:int retry_strategy:str delay_interval:timedelta"
    " minimum_interval:timedelta maximum_interval:timedelta",
    "FunctionLoadResponse": "function_id:str result:StatusResult",
    "InvocationResponse": "invocation_id:str output_data:list[ParameterBinding]"
    " return_value:TypedData result:StatusResult",
    "StatusResult": "status:int exception:RpcException",
    "RpcException": "source:str message:str stack_trace:str",
    # The values that both send.
    "ParameterBinding": "name:str data:TypedData",
    "TypedData": "string:str json:str bytes:bytes http:RpcHttp int:int double:float"
    " collection_string:CollectionString collection_bytes:CollectionBytes"
    " collection_sint64:CollectionSInt64 model_binding_data:ModelBindingData"
    " collection_model_binding_data:CollectionModelBindingData",
    "CollectionString": "string:list[str]",
    "CollectionBytes": "bytes:list[bytes]",
    "CollectionSInt64": "sint64:list[int]",
    "ModelBindingData": "version:str source:str content_type:str content:bytes",
    "CollectionModelBindingData": "model_binding_data:list[ModelBindingData]",
    "RpcHttp": "method:str url:str headers:map[str] params:map[str] query:map[str] body:TypedData"
    " status_code:str cookies:list[RpcHttpCookie] enable_content_negotiation:bool",
    "RpcHttpCookie": "name:str value:str domain:NullableString path:NullableString"
    " expires:NullableTimestamp secure:NullableBool http_only:NullableBool same_site:int"
    " max_age:NullableDouble",
    "NullableString": "value:str",
    "NullableBool": "value:bool",
    "NullableDouble": "value:float",
    "NullableTimestamp": "value:Timestamp",
    "Timestamp": "seconds:int",
}
CONSTANTS: Mapping[str, Mapping[str, Any]] = {
    "StatusResult": {"Failure": 0, "Success": 1, "Cancelled": 2},
    "BindingInfo": {"undefined": 0, "out": 1, "inout": 2},
    "RpcHttpCookie": {
        "SameSite": SimpleNamespace(**{"None": 0, "Lax": 1, "Strict": 2, "ExplicitNone": 3})
    },
}


class Message:
    """A message whose unset fields read as empty, as in protobuf."""

    fields: ClassVar[Mapping[str, str]]

    def __init__(self, **values: Any) -> None:
        """Set the fields; None leaves one unset, ValueError if there is no such field."""
        for name, value in values.items():
            if name not in self.fields:
                raise ValueError(f'Protocol message {type(self).__name__} has no "{name}" field.')
            if value is not None:
                vars(self)[name] = value

    def __getattr__(self, name: str) -> Any:
        """Return the empty value of a field that is not set."""
        if name not in self.fields:
            raise AttributeError(f"{type(self).__name__} has no field {name}")
        return TYPES[self.fields[name].partition("[")[0]]()

    def WhichOneof(self, group: str) -> str | None:
        """Return the one field of the group that is set; KeyError if there is no such group."""
        return next((name for name in GROUPS[group] if name in vars(self)), None)


def _fields(name: str) -> dict[str, str]:
    return dict(field.split(":") for field in FIELDS[name].split())


def _message(name: str) -> type[Message]:
    return type(name, (Message,), {"fields": _fields(name), **CONSTANTS.get(name, {})})


TYPES: Mapping[str, type] = {
    **{plain.__name__: plain for plain in (str, bytes, bool, int, float, timedelta)},
    "map": dict,
    "list": list,
    **{name: _message(name) for name in FIELDS},
}
# Of a group of fields, a message has one at most.
GROUPS = {"data": [*_fields("TypedData")], "rpc_data": ["data"]}


def __getattr__(name: str) -> Any:
    """Return the class of a message; Any, because the worker that uses it is untyped."""
    if name not in FIELDS:
        raise AttributeError(f"There is no message {name}")
    return TYPES[name]
