// The Event Grid topic that the functions publish to.
param name string
param location string
param tags object
param principalId string
param roleIds array

@description('Whether only private endpoints can reach it.')
param isPrivate bool

@description('The workspace of its resource logs. Empty to keep none.')
param workspaceId string

resource topic 'Microsoft.EventGrid/topics@2025-02-15' = {
  // checkov:skip=CKV_AZURE_193: without a virtual network, the app connects over the internet with its identity
  name: name
  location: location
  tags: tags
  identity: {
    type: 'SystemAssigned'
  }
  properties: {
    disableLocalAuth: true
    inputSchema: 'EventGridSchema'
    minimumTlsVersionAllowed: '1.2'
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
  }
}

resource assignments 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for roleId in roleIds: {
    name: guid(topic.id, principalId, roleId)
    scope: topic
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
  scope: topic
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

output id string = topic.id
output topicEndpointUri string = topic.properties.endpoint
