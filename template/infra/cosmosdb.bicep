// Azure Cosmos DB, serverless, with the containers of the functions.
param name string
param location string
param tags object
param principalId string
param roleIds array
param databaseName string

@description('Containers: {name: string, partitionKey: string}.')
param containers array

resource account 'Microsoft.DocumentDB/databaseAccounts@2024-11-15' = {
  // checkov:skip=CKV_AZURE_99: who has no network of their own reaches it by identity, over the internet
  // checkov:skip=CKV_AZURE_101: who has a network of their own gives it a private endpoint
  name: name
  location: location
  tags: tags
  kind: 'GlobalDocumentDB'
  properties: {
    databaseAccountOfferType: 'Standard'
    capabilities: [
      {
        name: 'EnableServerless'
      }
    ]
    consistencyPolicy: {
      defaultConsistencyLevel: 'Session'
    }
    disableKeyBasedMetadataWriteAccess: true
    disableLocalAuth: true
    locations: [
      {
        locationName: location
        failoverPriority: 0
      }
    ]
    minimalTlsVersion: 'Tls12'
  }
}

resource database 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases@2024-11-15' = {
  parent: account
  name: databaseName
  properties: {
    resource: {
      id: databaseName
    }
  }
}

resource databaseContainers 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers@2024-11-15' = [for container in containers: {
  parent: database
  name: container.name
  properties: {
    resource: {
      id: container.name
      partitionKey: {
        kind: 'Hash'
        paths: [
          container.partitionKey
        ]
      }
    }
  }
}]

// Roles on data are Cosmos DB's own.
resource assignments 'Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments@2024-11-15' = [for roleId in roleIds: {
  parent: account
  name: guid(account.id, principalId, roleId)
  properties: {
    principalId: principalId
    roleDefinitionId: '${account.id}/sqlRoleDefinitions/${roleId}'
    scope: account.id
  }
}]

output accountEndpoint string = account.properties.documentEndpoint
