// Azure SignalR Service in serverless mode, which sends the messages of clients to the functions.
param name string
param location string
param tags object
param principalId string
param roleIds array
param functionAppName string

@description('Whether the functions exist. Their key exists only then.')
param functionsDeployed bool

@description('Whether only private endpoints can reach it, except for clients.')
param isPrivate bool

@description('The workspace of its resource logs. Empty to keep none.')
param workspaceId string

var ofTheApp = [
  'RESTAPI'
  'ServerConnection'
  'Trace'
]

resource functionApp 'Microsoft.Web/sites@2025-03-01' existing = {
  name: functionAppName
}

var upstream = {
  templates: [
    {
      hubPattern: '*'
      categoryPattern: 'messages'
      eventPattern: '*'
      urlTemplate: 'https://${functionApp.properties.defaultHostName}/runtime/webhooks/signalr?code=${listKeys('${functionApp.id}/host/default', functionApp.apiVersion).systemKeys.signalr_extension}'
    }
  ]
}

resource signalR 'Microsoft.SignalRService/signalR@2024-03-01' = {
  name: name
  location: location
  tags: tags
  kind: 'SignalR'
  sku: {
    name: 'Standard_S1'
    capacity: 1
  }
  properties: {
    disableLocalAuth: true
    features: [
      {
        flag: 'ServiceMode'
        value: 'Serverless'
      }
    ]
    networkACLs: {
      defaultAction: 'Allow'
      publicNetwork: {
        deny: isPrivate ? ofTheApp : []
      }
    }
    upstream: functionsDeployed ? upstream : null
  }
}

resource assignments 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for roleId in roleIds: {
    name: guid(signalR.id, principalId, roleId)
    scope: signalR
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
  scope: signalR
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

output id string = signalR.id
output serviceUri string = 'https://${signalR.properties.hostName}'
