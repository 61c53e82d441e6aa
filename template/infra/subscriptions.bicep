// Event Grid subscriptions for new blobs.
param location string
param tags object
param functionAppName string
param storageName string

@description('The workspace of its resource logs. Empty to keep none.')
param workspaceId string

@description('Whether the functions exist. Event Grid validates their endpoints, and by then the role below applies.')
param functionsDeployed bool

@description('The container of the events that could not be delivered for a day.')
param deadLetterContainer string

@description('The role with which Event Grid writes to that container.')
param deadLetterRoleId string

@description('Functions with an Event Grid trigger, and the containers of their uploads: {function: string, container: string}.')
param eventFunctions array

@description('Functions with an Event Grid blob trigger, and their containers: {function: string, container: string}.')
param blobFunctions array

var deployedEventFunctions = functionsDeployed ? eventFunctions : []
var deployedBlobFunctions = functionsDeployed ? blobFunctions : []
var blobCreated = 'Microsoft.Storage.BlobCreated'

// With the identity of the topic, because the storage account accepts no keys.
var deadLetter = {
  identity: {
    type: 'SystemAssigned'
  }
  deadLetterDestination: {
    endpointType: 'StorageBlob'
    properties: {
      resourceId: account.id
      blobContainerName: deadLetterContainer
    }
  }
}

resource functionApp 'Microsoft.Web/sites@2025-03-01' existing = {
  name: functionAppName
}

resource account 'Microsoft.Storage/storageAccounts@2026-04-01' existing = {
  name: storageName
}

resource blobService 'Microsoft.Storage/storageAccounts/blobServices@2026-04-01' existing = {
  parent: account
  name: 'default'
}

resource deadLetters 'Microsoft.Storage/storageAccounts/blobServices/containers@2026-04-01' existing = {
  parent: blobService
  name: deadLetterContainer
}

resource systemTopic 'Microsoft.EventGrid/systemTopics@2025-02-15' = {
  name: storageName
  location: location
  tags: tags
  identity: {
    type: 'SystemAssigned'
  }
  properties: {
    source: account.id
    topicType: 'Microsoft.Storage.StorageAccounts'
  }
}

// Only this version has category groups.
#disable-next-line use-recent-api-versions
resource resourceLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = if (!empty(workspaceId)) {
  name: 'resource-logs'
  scope: systemTopic
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

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(deadLetters.id, systemTopic.id, deadLetterRoleId)
  scope: deadLetters
  properties: {
    principalId: systemTopic.identity.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', deadLetterRoleId)
  }
}

resource toEventFunctions 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2025-02-15' = [
  for event in deployedEventFunctions: {
    parent: systemTopic
    // At most 64 characters, and different for names that start alike.
    name: '${take('to-${replace(event.function, '_', '-')}', 50)}-${uniqueString(event.function)}'
    properties: {
      destination: {
        endpointType: 'AzureFunction'
        properties: {
          resourceId: '${functionApp.id}/functions/${event.function}'
        }
      }
      eventDeliverySchema: 'CloudEventSchemaV1_0'
      deadLetterWithResourceIdentity: deadLetter
      filter: {
        includedEventTypes: [
          blobCreated
        ]
        subjectBeginsWith: '/blobServices/default/containers/${event.container}/'
      }
    }
    dependsOn: [
      assignment
    ]
  }
]

resource toBlobFunctions 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2025-02-15' = [
  for blob in deployedBlobFunctions: {
    parent: systemTopic
    name: blob.container
    properties: {
      destination: {
        endpointType: 'WebHook'
        properties: {
          endpointUrl: 'https://${functionApp.properties.defaultHostName}/runtime/webhooks/blobs?functionName=Host.Functions.${blob.function}&code=${listKeys('${functionApp.id}/host/default', functionApp.apiVersion).systemKeys.blobs_extension}'
        }
      }
      // The only one that the trigger reads.
      eventDeliverySchema: 'EventGridSchema'
      deadLetterWithResourceIdentity: deadLetter
      filter: {
        includedEventTypes: [
          blobCreated
        ]
        subjectBeginsWith: '/blobServices/default/containers/${blob.container}/'
      }
    }
    dependsOn: [
      assignment
    ]
  }
]
