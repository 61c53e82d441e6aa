// Event Grid subscriptions for new blobs. Event Grid validates the endpoints, so deploy the functions first.
param location string
param tags object
param functionAppName string
param storageName string

@description('Functions with an Event Grid trigger.')
param eventFunctions array

@description('Functions with an Event Grid blob trigger, and their containers: {function: string, container: string}.')
param blobFunctions array

var blobCreated = 'Microsoft.Storage.BlobCreated'

resource functionApp 'Microsoft.Web/sites@2024-04-01' existing = {
  name: functionAppName
}

resource account 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: storageName
}

resource systemTopic 'Microsoft.EventGrid/systemTopics@2025-02-15' = {
  name: storageName
  location: location
  tags: tags
  properties: {
    source: account.id
    topicType: 'Microsoft.Storage.StorageAccounts'
  }
}

resource toEventFunctions 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2025-02-15' = [for name in eventFunctions: {
  parent: systemTopic
  name: take('to-${replace(name, '_', '-')}', 64)
  properties: {
    destination: {
      endpointType: 'AzureFunction'
      properties: {
        resourceId: '${functionApp.id}/functions/${name}'
      }
    }
    filter: {
      includedEventTypes: [
        blobCreated
      ]
    }
  }
}]

resource toBlobFunctions 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2025-02-15' = [for blob in blobFunctions: {
  parent: systemTopic
  name: blob.container
  properties: {
    destination: {
      endpointType: 'WebHook'
      properties: {
        endpointUrl: 'https://${functionApp.properties.defaultHostName}/runtime/webhooks/blobs?functionName=Host.Functions.${blob.function}&code=${listKeys('${functionApp.id}/host/default', functionApp.apiVersion).systemKeys.blobs_extension}'
      }
    }
    filter: {
      includedEventTypes: [
        blobCreated
      ]
      subjectBeginsWith: '/blobServices/default/containers/${blob.container}/'
    }
  }
}]
