// Serverless Azure Cosmos DB with the functions' containers.
param name string
param location string
param tags object
param principalId string
param roleIds array
param databaseName string

@description('Who deploys, with the roles for the data. Empty for nobody.')
param deployerId string

param deployerRoleIds array

var assignedDeployerRoleIds = empty(deployerId) ? [] : deployerRoleIds

@description('Containers: {name: string, partitionKey: string}.')
param containers array

@description('Containers whose change feed functions read with all versions and deletes, which needs continuous backup.')
param allVersionsContainers array

@description('Whether only private endpoints can reach it.')
param isPrivate bool

@description('The workspace of its resource logs. Empty to keep none.')
param workspaceId string

var continuousBackup = {
  type: 'Continuous'
  continuousModeProperties: {
    tier: 'Continuous7Days'
  }
}

resource account 'Microsoft.DocumentDB/databaseAccounts@2026-03-15' = {
  // checkov:skip=CKV_AZURE_99: without a virtual network, the app connects over the internet with its identity
  // checkov:skip=CKV_AZURE_101: with a virtual network, only private endpoints can reach the account
  name: name
  location: location
  tags: tags
  kind: 'GlobalDocumentDB'
  properties: {
    databaseAccountOfferType: 'Standard'
    backupPolicy: empty(allVersionsContainers) ? null : continuousBackup
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
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
  }
}

resource database 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases@2026-03-15' = {
  parent: account
  name: databaseName
  properties: {
    resource: {
      id: databaseName
    }
  }
}

resource databaseContainers 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers@2026-03-15' = [
  for container in containers: {
    parent: database
    name: container.name
    properties: {
      resource: {
        id: container.name
        // The database deletes items that have a ttl, and no others.
        defaultTtl: -1
        partitionKey: {
          kind: 'Hash'
          paths: [
            container.partitionKey
          ]
        }
      }
    }
  }
]

// Cosmos DB has its own data plane roles. Each assignment locks the account.
@batchSize(1)
resource assignments 'Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments@2026-03-15' = [
  for roleId in roleIds: {
    parent: account
    name: guid(account.id, principalId, roleId)
    properties: {
      principalId: principalId
      roleDefinitionId: '${account.id}/sqlRoleDefinitions/${roleId}'
      scope: account.id
    }
    dependsOn: [
      databaseContainers
    ]
  }
]

@batchSize(1)
resource deployerAssignments 'Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments@2026-03-15' = [
  for roleId in assignedDeployerRoleIds: {
    parent: account
    name: guid(account.id, deployerId, roleId)
    properties: {
      principalId: deployerId
      roleDefinitionId: '${account.id}/sqlRoleDefinitions/${roleId}'
      scope: account.id
    }
    dependsOn: [
      assignments
    ]
  }
]

// Only this version has category groups.
#disable-next-line use-recent-api-versions
resource resourceLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = if (!empty(workspaceId)) {
  name: 'resource-logs'
  scope: account
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

output id string = account.id
output accountEndpoint string = account.properties.documentEndpoint
