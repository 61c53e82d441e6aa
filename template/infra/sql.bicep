// Azure SQL with the functions' database. Only identities can sign in. Auditing and Microsoft Defender for SQL cost money, so
// they are off.
param name string
param location string
param tags object

@description('The administrator of the server: who deploys, to create the tables and let the app in.')
param administratorId string

@allowed([
  'Group'
  'ServicePrincipal'
  'User'
])
param administratorType string

@description('Whether only private endpoints can reach it.')
param isPrivate bool

@description('The workspace of its resource logs. Empty to keep none.')
param workspaceId string

resource server 'Microsoft.Sql/servers@2025-01-01' = {
  // checkov:skip=CKV_AZURE_113: without a virtual network, the app connects over the internet with its identity
  // checkov:skip=CKV2_AZURE_45: without a virtual network, the app connects over the internet with its identity
  name: name
  location: location
  tags: tags
  properties: {
    administrators: {
      administratorType: 'ActiveDirectory'
      azureADOnlyAuthentication: true
      login: 'azd'
      principalType: administratorType == 'ServicePrincipal' ? 'Application' : administratorType
      sid: administratorId
      tenantId: tenant().tenantId
    }
    minimalTlsVersion: '1.2'
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
  }
}

resource database 'Microsoft.Sql/servers/databases@2025-01-01' = {
  // checkov:skip=CKV_AZURE_26: alerts are a matter of the whole server
  // checkov:skip=CKV_AZURE_27: alerts are a matter of the whole server
  // checkov:skip=CKV_AZURE_224: a ledger suits few apps and cannot be removed
  // checkov:skip=CKV_AZURE_229: the Basic tier has no zone redundancy
  parent: server
  name: 'app'
  location: location
  tags: tags
  // The smallest size, 2 GB, which never pauses. A serverless database would not pause either while a function polls it.
  sku: {
    name: 'Basic'
    tier: 'Basic'
  }
}

resource azure 'Microsoft.Sql/servers/firewallRules@2025-01-01' = if (!isPrivate) {
  parent: server
  name: 'azure'
  properties: {
    // It stands for all addresses in Azure. Whoever connects still has to sign in.
    startIpAddress: '0.0.0.0'
    endIpAddress: '0.0.0.0'
  }
}

// Only this version has category groups.
#disable-next-line use-recent-api-versions
resource resourceLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = if (!empty(workspaceId)) {
  name: 'resource-logs'
  scope: database
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

output id string = server.id
output server string = server.properties.fullyQualifiedDomainName
output database string = database.name
