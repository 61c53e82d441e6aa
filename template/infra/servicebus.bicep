// A Service Bus namespace with the functions' queues and topics.
param name string
param location string
param tags object
param principalId string
param roleIds array
param queues array

@description('Queues whose messages need sessions.')
param sessionQueues array

@description('Topics, each with one subscription: {topic: string, subscription: string}.')
param topics array

@description('Whether only private endpoints can reach it, which takes the Premium tier.')
param isPrivate bool

@description('The workspace of its resource logs. Empty to keep none.')
param workspaceId string

var tier = isPrivate ? 'Premium' : 'Standard'

resource namespace 'Microsoft.ServiceBus/namespaces@2026-01-01' = {
  name: name
  location: location
  tags: tags
  sku: {
    name: tier
    tier: tier
  }
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
  }
}

resource namespaceQueues 'Microsoft.ServiceBus/namespaces/queues@2026-01-01' = [
  for queue in queues: {
    parent: namespace
    name: queue
    properties: {
      lockDuration: 'PT1M'
      maxDeliveryCount: 10
    }
  }
]

resource namespaceSessionQueues 'Microsoft.ServiceBus/namespaces/queues@2026-01-01' = [
  for queue in sessionQueues: {
    parent: namespace
    name: queue
    properties: {
      lockDuration: 'PT1M'
      maxDeliveryCount: 10
      requiresSession: true
    }
  }
]

resource namespaceTopics 'Microsoft.ServiceBus/namespaces/topics@2026-01-01' = [
  for topic in topics: {
    parent: namespace
    name: topic.topic
  }
]

resource subscriptions 'Microsoft.ServiceBus/namespaces/topics/subscriptions@2026-01-01' = [
  for (topic, index) in topics: {
    parent: namespaceTopics[index]
    name: topic.subscription
    properties: {
      lockDuration: 'PT1M'
      maxDeliveryCount: 10
    }
  }
]

resource assignments 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for roleId in roleIds: {
    name: guid(namespace.id, principalId, roleId)
    scope: namespace
    properties: {
      principalId: principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleId)
    }
  }
]

// Only this version has category groups.
#disable-next-line use-recent-api-versions
resource resourceLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = if (!empty(workspaceId)) {
  name: 'resource-logs'
  scope: namespace
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        categoryGroup: 'allLogs'
        enabled: true
      }
    ]
  }
}

output id string = namespace.id
output fullyQualifiedNamespace string = '${namespace.name}.servicebus.windows.net'
