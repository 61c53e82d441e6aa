"""The decorators of azure-functions and azure-functions-durable, which make bindings of their arguments.

Checked against the libraries by the template's tests. A binding's field is the argument in camelCase.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Decorator:
    """A decorator: the type and direction ("in", "out") of its binding, and its arguments in order.

    The first of the arguments is the name of the function's parameter, save for `route`.
    """

    type: str
    direction: str
    arguments: tuple[str, ...]


def field_name(argument: str) -> str:
    """Return the binding's field for a decorator's argument: `queue_name` is `queueName`."""
    first, *others = argument.split("_")
    return first + "".join(map(str.capitalize, others))


# Decorator: type, direction, arguments.
_TABLE = """
route: httpTrigger in route trigger_arg_name binding_arg_name methods auth_level
  trigger_extra_fields binding_extra_fields
orchestration_trigger: orchestrationTrigger in context_name orchestration
entity_trigger: entityTrigger in context_name entity_name
activity_trigger: activityTrigger in input_name activity
timer_trigger: timerTrigger in arg_name schedule run_on_startup use_monitor data_type
schedule: timerTrigger in arg_name schedule run_on_startup use_monitor data_type
warm_up_trigger: warmupTrigger in arg_name data_type
service_bus_queue_trigger: serviceBusTrigger in arg_name connection queue_name data_type
  access_rights is_sessions_enabled cardinality auto_complete_messages
service_bus_topic_trigger: serviceBusTrigger in arg_name connection topic_name subscription_name
  data_type access_rights is_sessions_enabled cardinality auto_complete_messages
queue_trigger: queueTrigger in arg_name queue_name connection data_type
event_hub_message_trigger: eventHubTrigger in arg_name connection event_hub_name data_type
  cardinality consumer_group
cosmos_db_trigger_v3: cosmosDBTrigger in arg_name database_name collection_name
  connection_string_setting lease_collection_name lease_connection_string_setting
  lease_database_name create_lease_collection_if_not_exists leases_collection_throughput
  lease_collection_prefix checkpoint_interval checkpoint_document_count feed_poll_delay
  lease_renew_interval lease_acquire_interval lease_expiration_interval max_items_per_invocation
  start_from_beginning preferred_locations data_type
cosmos_db_trigger: cosmosDBTrigger in arg_name connection database_name container_name
  lease_connection lease_database_name lease_container_name create_lease_container_if_not_exists
  leases_container_throughput lease_container_prefix feed_poll_delay lease_acquire_interval
  lease_expiration_interval lease_renew_interval max_items_per_invocation start_from_beginning
  start_from_time preferred_locations data_type
blob_trigger: blobTrigger in arg_name path connection source data_type
event_grid_trigger: eventGridTrigger in arg_name data_type
kafka_trigger: kafkaTrigger in arg_name topic broker_list event_hub_connection_string consumer_group
  avro_schema key_avro_schema key_data_type username password ssl_key_location ssl_ca_location
  ssl_certificate_location ssl_key_password ssl_certificate_pem ssl_key_pem ssl_ca_pem
  ssl_certificate_and_key_pem schema_registry_url schema_registry_username schema_registry_password
  o_auth_bearer_method o_auth_bearer_client_id o_auth_bearer_client_secret o_auth_bearer_scope
  o_auth_bearer_token_endpoint_url o_auth_bearer_extensions authentication_mode protocol cardinality
  lag_threshold data_type
sql_trigger: sqlTrigger in arg_name table_name connection_string_setting leases_table_name data_type
mysql_trigger: mysqlTrigger in arg_name table_name connection_string_setting leases_table_name
  data_type
generic_trigger: customType in arg_name type data_type
connector_trigger: connectorTrigger in arg_name data_type
mcp_tool_trigger: mcpToolTrigger in arg_name tool_name description tool_properties data_type
mcp_resource_trigger: mcpResourceTrigger in arg_name uri resource_name title description mime_type
  size metadata data_type
mcp_prompt_trigger: mcpPromptTrigger in arg_name prompt_name prompt_arguments title description
  metadata icons data_type
dapr_service_invocation_trigger: daprServiceInvocationTrigger in arg_name method_name data_type
dapr_binding_trigger: daprBindingTrigger in arg_name binding_name data_type
dapr_topic_trigger: daprTopicTrigger in arg_name pub_sub_name topic route data_type
assistant_skill_trigger: assistantSkillTrigger in arg_name function_description function_name
  parameter_description_json data_type
durable_client_input: durableClient in client_name task_hub connection_name
service_bus_queue_output: serviceBus out arg_name connection queue_name data_type access_rights
service_bus_topic_output: serviceBus out arg_name connection topic_name subscription_name data_type
  access_rights
queue_output: queue out arg_name queue_name connection data_type
event_hub_output: eventHub out arg_name connection event_hub_name data_type
cosmos_db_output_v3: cosmosDB out arg_name database_name collection_name connection_string_setting
  create_if_not_exists partition_key collection_throughput use_multiple_write_locations
  preferred_locations data_type
cosmos_db_output: cosmosDB out arg_name connection database_name container_name create_if_not_exists
  partition_key container_throughput preferred_locations data_type
cosmos_db_input_v3: cosmosDB in arg_name database_name collection_name connection_string_setting id
  sql_query partition_key data_type
cosmos_db_input: cosmosDB in arg_name connection database_name container_name partition_key id
  sql_query preferred_locations data_type
blob_input: blob in arg_name path connection data_type
blob_output: blob out arg_name path connection data_type
event_grid_output: eventGrid out arg_name topic_endpoint_uri topic_key_setting connection data_type
kafka_output: kafka out arg_name topic broker_list avro_schema key_avro_schema key_data_type
  username password ssl_key_location ssl_ca_location ssl_certificate_location ssl_key_password
  ssl_certificate_pem ssl_key_pem ssl_ca_pem ssl_certificate_and_key_pem schema_registry_url
  schema_registry_username schema_registry_password o_auth_bearer_method o_auth_bearer_client_id
  o_auth_bearer_client_secret o_auth_bearer_scope o_auth_bearer_token_endpoint_url
  o_auth_bearer_extensions max_message_bytes batch_size enable_idempotence message_timeout_ms
  request_timeout_ms max_retries authentication_mode protocol linger_ms data_type
table_input: table in arg_name connection table_name row_key partition_key take filter data_type
table_output: table out arg_name connection table_name row_key partition_key data_type
sql_input: sql in arg_name command_text connection_string_setting command_type parameters data_type
sql_output: sql out arg_name command_text connection_string_setting data_type
generic_input_binding: customType in arg_name type data_type
generic_output_binding: customType out arg_name type data_type
dapr_state_input: daprState in arg_name state_store key dapr_address data_type
dapr_secret_input: daprSecret in arg_name secret_store_name key metadata dapr_address data_type
dapr_state_output: daprState out arg_name state_store key dapr_address data_type
dapr_invoke_output: daprInvoke out arg_name app_id method_name http_verb dapr_address data_type
dapr_publish_output: daprPublish out arg_name pub_sub_name topic dapr_address data_type
dapr_binding_output: daprBinding out arg_name binding_name operation dapr_address data_type
text_completion_input: textCompletion in arg_name prompt ai_connection_name chat_model temperature
  top_p max_tokens is_reasoning_model data_type
assistant_create_output: assistantCreate out arg_name data_type
assistant_query_input: assistantQuery in arg_name id timestamp_utc chat_storage_connection_setting
  collection_name data_type
assistant_post_input: assistantPost in arg_name id user_message ai_connection_name chat_model
  chat_storage_connection_setting collection_name temperature top_p max_tokens is_reasoning_model
  data_type
embeddings_input: embeddings in arg_name input input_type ai_connection_name embeddings_model
  max_chunk_length max_overlap data_type
semantic_search_input: semanticSearch in arg_name search_connection_name collection query
  ai_connection_name embeddings_model chat_model system_prompt max_knowledge_count temperature top_p
  max_tokens is_reasoning_model data_type
embeddings_store_output: embeddingsStore out arg_name input input_type store_connection_name
  collection ai_connection_name embeddings_model max_chunk_length max_overlap data_type
mysql_input: mysql in arg_name command_text connection_string_setting command_type parameters
  data_type
mysql_output: mysql out arg_name command_text connection_string_setting data_type
"""


def _parse(table: str) -> dict[str, Decorator]:
    lines = table.replace("\n  ", " ").strip().splitlines()
    found = {}
    for line in lines:
        name, words = line.split(": ")
        type_, direction, *arguments = words.split()
        found[name] = Decorator(type_, direction, tuple(arguments))
    return found


DECORATORS = _parse(_TABLE)
