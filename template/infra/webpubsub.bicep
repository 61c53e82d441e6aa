// Azure Web PubSub. event_handlers.bicep lets it send events to the functions.
param name string
param location string
param tags object
param principalId string
param roleIds array

@description('Whether only private endpoints can reach it, except for clients.')
param isPrivate bool

@description('The workspace of its resource logs. Empty to keep none.')
param workspaceId string

var ofTheApp = [
  'RESTAPI'
  'ServerConnection'
  'Trace'
]

resource webPubSub 'Microsoft.SignalRService/webPubSub@2024-03-01' = {
  // checkov:skip=CKV_AZURE_176: it calls only the app, with a key of the app
  name: name
  location: location
  tags: tags
  kind: 'WebPubSub'
  sku: {
    name: 'Standard_S1'
    capacity: 1
  }
  properties: {
    disableLocalAuth: true
    networkACLs: {
      defaultAction: 'Allow'
      publicNetwork: {
        deny: isPrivate ? ofTheApp : []
      }
    }
  }
}

resource assignments 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for roleId in roleIds: {
    name: guid(webPubSub.id, principalId, roleId)
    scope: webPubSub
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
  scope: webPubSub
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

output id string = webPubSub.id
output name string = webPubSub.name
output serviceUri string = 'https://${webPubSub.properties.hostName}'
