// The Key Vault with the connection strings and passwords of services that connect without an identity.
param name string
param location string
param tags object
param principalId string
param roleIds array

@description('Disabled if only private endpoints can reach it, else Enabled.')
param publicNetworkAccess string

@description('The workspace of its resource logs. Empty to keep none.')
param workspaceId string

@description('The secrets: the name of each, the app setting that refers to it, and whether it has a value.')
param secrets array

@secure()
@description('The values of the secrets by their names.')
param values object

resource vault 'Microsoft.KeyVault/vaults@2026-05-15' = {
  // checkov:skip=CKV_AZURE_42: see the next line
  // checkov:skip=CKV_AZURE_110: with purge protection, `azd up` after `azd down` would find the name taken for a week
  // checkov:skip=CKV_AZURE_109: without a virtual network, the app connects over the internet with its identity
  // checkov:skip=CKV_AZURE_189: without a virtual network, the app connects over the internet with its identity
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 7
    publicNetworkAccess: publicNetworkAccess
    networkAcls: {
      // The deployment of the secrets is one of them.
      bypass: 'AzureServices'
      defaultAction: publicNetworkAccess == 'Disabled' ? 'Deny' : 'Allow'
    }
  }
}

var secretsWithValue = filter(secrets, secret => secret.hasValue)

resource storedSecrets 'Microsoft.KeyVault/vaults/secrets@2026-05-15' = [
  for secret in secretsWithValue: {
    // checkov:skip=CKV_AZURE_41: nobody but you knows when the password of your service expires
    parent: vault
    name: secret.name
    properties: {
      value: values[secret.name]
      contentType: 'text/plain'
    }
  }
]

resource assignments 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for roleId in roleIds: {
    name: guid(vault.id, principalId, roleId)
    scope: vault
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
  scope: vault
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

output id string = vault.id

var reference = '@Microsoft.KeyVault(SecretUri=${vault.properties.vaultUri}secrets/'

@description('The app settings that refer to the secrets.')
output settings array = [
  for secret in secrets: {
    name: secret.setting
    value: secret.hasValue ? '${reference}${secret.name})' : ''
  }
]
