// A Durable Task Scheduler, with the task hub that keeps the state of the app's durable functions.
param name string
param location string
param tags object
param principalId string
param roleIds array
param taskHub string

@description('Whether only private endpoints can reach it.')
param isPrivate bool

@description('The workspace of its resource logs. Empty to keep none.')
param workspaceId string

resource scheduler 'Microsoft.DurableTask/schedulers@2026-02-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    // An empty list would let nobody in.
    ipAllowlist: [
      '0.0.0.0/0'
    ]
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
    sku: {
      name: 'Consumption'
    }
  }
}

resource schedulerTaskHub 'Microsoft.DurableTask/schedulers/taskHubs@2026-02-01' = {
  parent: scheduler
  name: taskHub
}

resource assignments 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for roleId in roleIds: {
    name: guid(scheduler.id, principalId, roleId)
    scope: scheduler
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
  scope: scheduler
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

output id string = scheduler.id
output endpoint string = scheduler.properties.endpoint
