// What lets Web PubSub send the events of clients to the functions.
param functionAppName string
param webPubSubName string

@description('Whether the functions exist. Web PubSub asks their endpoint, and its key exists only then.')
param functionsDeployed bool

@description('The hubs of the functions.')
param hubs array

resource functionApp 'Microsoft.Web/sites@2025-03-01' existing = {
  name: functionAppName
}

resource webPubSub 'Microsoft.SignalRService/webPubSub@2024-03-01' existing = {
  name: webPubSubName
}

resource eventHandlers 'Microsoft.SignalRService/webPubSub/hubs@2024-03-01' = [
  for hub in functionsDeployed ? hubs : []: {
    parent: webPubSub
    name: hub
    properties: {
      anonymousConnectPolicy: 'deny'
      eventHandlers: [
        {
          urlTemplate: 'https://${functionApp.properties.defaultHostName}/runtime/webhooks/webpubsub?code=${listKeys('${functionApp.id}/host/default', functionApp.apiVersion).systemKeys.webpubsub_extension}'
          userEventPattern: '*'
          systemEvents: [
            'connect'
            'connected'
          ]
        }
      ]
    }
  }
]
