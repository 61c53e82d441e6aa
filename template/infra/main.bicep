{%- from 'template/macros/resources.jinja' import resource_names -%}
{%- set every_role %}{% include 'template/roles.yml' %}{% endset -%}
{%- macro role_symbol(role) -%}
{%- for word in role.replace('-', ' ').split() %}{{ (word[0] | lower if loop.first else word[0] | upper) ~ word[1:] }}{% endfor -%}
{%- endmacro -%}
{%- macro strings(names, indentation) -%}
{%- if names %}[
{%- for name in names %}
{{ indentation }}  '{{ name }}'
{%- endfor %}
{{ indentation }}]{% else %}[]{% endif -%}
{%- endmacro -%}
{#- The roles by module; a function of no service stores what it needs with the host. -#}
{%- set roles = {'monitoring': ['Monitoring Metrics Publisher'], 'storage': ['Storage Blob Data Owner']} -%}
{%- for f in selected -%}
{%- set module = f.service or 'storage' -%}
{%- set _ = roles.update({module: (roles[module] | default([]) + f.roles | default([])) | unique | list}) -%}
{%- endfor -%}
{%- set used_roles = roles.values() | sum(start=[]) | unique | list -%}
{%- macro role_ids(module) %}[
{%- for role in roles[module] %}
      roleIds.{{ role_symbol(role) }}
{%- endfor %}
    ]{% endmacro -%}
{%- macro common(module, prefix) %}
  scope: group
  params: {
    name: '{{ prefix }}${token}'
    location: location
    tags: tags
    principalId: identity.outputs.principalId
    roleIds: {{ role_ids(module) }}
{%- endmacro -%}
{%- set to_fill_in = [] -%}
{%- for name, service in services.items() if name not in infra_modules -%}
{%- set _ = to_fill_in.append({'parameter': service.connection[0] | lower ~ service.connection[1:], 'connection': service.connection, 'title': service.title, 'how': service.without_identity | default('a connection string')}) -%}
{%- endfor -%}
{%- set settings = {} -%}
{%- for f in selected -%}
{%- for name, value in f.settings | default({}) | dictsort if value != '<project_name>' %}{% set _ = settings.update({name: value}) %}{% endfor -%}
{%- if f.init_indexing is defined and python_version in ['3.10', '3.11', '3.12'] %}{% set _ = settings.update({'PYTHON_ENABLE_INIT_INDEXING': '1'}) %}{% endif -%}
{%- endfor -%}
{%- if telemetry == 'opentelemetry' %}{% set _ = settings.update({'PYTHON_ENABLE_OPENTELEMETRY': 'true'}) %}{% endif -%}
// All that {{ project_name }} needs in Azure: azd up makes it, and publishes the app.
targetScope = 'subscription'

@minLength(1)
@maxLength(50)
@description('The name of the azd environment, such as dev.')
param environmentName string

@description('The region of everything.')
param location string

@description('Whether the app runs in a network of its own, from which alone its storage can be reached.')
param virtualNetwork bool = false
{%- if 'subscriptions' in infra_modules %}

@description('Whether the functions are deployed: Event Grid asks them before it sends them events.')
param functionsDeployed bool = false
{%- endif %}
{%- for service in to_fill_in %}

@secure()
@description('{{ service.title }}, which is not made here: {{ service.how | replace("`", "") | replace("'", "") }}')
param {{ service.parameter }} string
{%- endfor %}

var token = uniqueString(subscription().id, environmentName, location)
var packageContainer = 'app-package'
var tags = {
  'azd-env-name': environmentName
}

// Azure's built-in roles, those that the bindings need.
var roleIds = {
{%- for role in used_roles %}
  {{ role_symbol(role) }}: '{{ (every_role | from_yaml)[role] }}'
{%- endfor %}
}

resource group 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: tags
}

module identity 'identity.bicep' = {
  name: 'identity'
  scope: group
  params: {
    name: 'id-${token}'
    location: location
    tags: tags
  }
}

module monitoring 'monitoring.bicep' = {
  name: 'monitoring'
{{- common('monitoring', 'appi-') }}
  }
}

module network 'network.bicep' = if (virtualNetwork) {
  name: 'network'
  scope: group
  params: {
    name: 'vnet-${token}'
    location: location
    tags: tags
  }
}

module storage 'storage.bicep' = {
  name: 'storage'
{{- common('storage', 'st') }}
    containers: [
      packageContainer
{%- for name in resource_names(selected, 'storage', 'container') | from_json %}
      '{{ name }}'
{%- endfor %}
    ]
    queues: {{ strings(resource_names(selected, 'storage', 'queue') | from_json, '    ') }}
    tables: {{ strings(resource_names(selected, 'storage', 'table') | from_json, '    ') }}
    subnetId: virtualNetwork ? network.outputs.subnetId : ''
  }
}
{%- if 'servicebus' in services %}
{%- set topics = selected | selectattr('service', 'equalto', 'servicebus') | map(attribute='resources') | sum(start=[]) | selectattr('topic', 'defined') | list %}

module servicebus 'servicebus.bicep' = {
  name: 'servicebus'
{{- common('servicebus', 'sb-') }}
    queues: {{ strings(resource_names(selected, 'servicebus', 'queue') | from_json, '    ') }}
    topics: {% if topics %}[
{%- for topic in topics %}
      {
        topic: '{{ topic.topic }}'
        subscription: '{{ topic.subscription }}'
      }
{%- endfor %}
    ]{% else %}[]{% endif %}
  }
}
{%- endif %}
{%- if 'eventhubs' in services %}

module eventhubs 'eventhubs.bicep' = {
  name: 'eventhubs'
{{- common('eventhubs', 'evhns-') }}
    hubs: {{ strings(resource_names(selected, 'eventhubs', 'hub') | from_json, '    ') }}
  }
}
{%- endif %}
{%- if 'cosmosdb' in services %}
{%- set partition_keys = {} %}
{%- for f in selected if f.service == 'cosmosdb' %}
{%- for resource in f.resources %}{% set _ = partition_keys.update({resource.container: resource.partition_key}) %}{% endfor %}
{%- endfor %}

module cosmosdb 'cosmosdb.bicep' = {
  name: 'cosmosdb'
{{- common('cosmosdb', 'cosmos-') }}
    databaseName: settings.COSMOSDB_DATABASE
    containers: [
{%- for name, partition_key in partition_keys.items() %}
      {
        name: '{{ name }}'
        partitionKey: '{{ partition_key }}'
      }
{%- endfor %}
    ]
  }
}
{%- endif %}
{%- for module, prefix in [('eventgrid', 'evgt-'), ('signalr', 'sigr-')] if module in services %}

module {{ module }} '{{ module }}.bicep' = {
  name: '{{ module }}'
{{- common(module, prefix) }}
  }
}
{%- endfor %}

// What the functions read from their environment, beside the settings of the Functions host.
{%- if settings %}
var settings = {
{%- for name, value in settings.items() %}
  {{ name }}: '{{ value }}'
{%- endfor %}
}
{%- else %}
var settings = {}
{%- endif %}
var connections = {
{%- for name, service in services.items() if name in infra_modules %}
{%- for suffix in service.identity %}
  {{ service.connection }}__{{ suffix }}: {{ name }}.outputs.{{ suffix }}
{%- endfor %}
  {{ service.connection }}__clientId: identity.outputs.clientId
  {{ service.connection }}__credential: 'managedidentity'
{%- endfor %}
{%- for service in to_fill_in %}
  {{ service.connection }}: {{ service.parameter }}
{%- endfor %}
}

module functionApp 'function_app.bicep' = {
  name: 'function-app'
  scope: group
  params: {
    name: 'func-${token}'
    location: location
    tags: tags
    pythonVersion: '{{ python_version }}'
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    applicationInsightsName: monitoring.outputs.applicationInsightsName
    blobServiceUri: storage.outputs.blobServiceUri
    queueServiceUri: storage.outputs.queueServiceUri
    tableServiceUri: storage.outputs.tableServiceUri
    packageContainer: packageContainer
    settings: union(settings, connections)
    subnetId: virtualNetwork ? network.outputs.subnetId : ''
  }
}
{%- if 'subscriptions' in infra_modules %}
{%- set by_blob = selected | selectattr('event_grid', 'defined') | selectattr('event_grid', 'equalto', 'blob') | list %}

module subscriptions 'subscriptions.bicep' = if (functionsDeployed) {
  name: 'subscriptions'
  scope: group
  params: {
    location: location
    tags: tags
    functionAppName: functionApp.outputs.name
    storageName: storage.outputs.name
    eventFunctions: {{ strings(selected | selectattr('event_grid', 'defined') | selectattr('event_grid', 'equalto', 'function') | map(attribute='name') | list, '    ') }}
    blobFunctions: {% if by_blob %}[
{%- for f in by_blob %}
      {
        function: '{{ f.name }}'
        container: '{{ f.resources[0].container }}'
      }
{%- endfor %}
    ]{% else %}[]{% endif %}
  }
}
{%- endif %}

output AZURE_RESOURCE_GROUP string = group.name
output AZURE_FUNCTION_APP_NAME string = functionApp.outputs.name
output AZURE_FUNCTION_APP_URI string = functionApp.outputs.uri
