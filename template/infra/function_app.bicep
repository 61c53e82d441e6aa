// The function app, on a Flex Consumption plan.
param name string
param location string
param tags object
param pythonVersion string
param identityId string
param identityClientId string
param applicationInsightsName string
param blobServiceUri string
param queueServiceUri string
param tableServiceUri string
param packageContainer string

@secure()
@description('The app settings that the functions need.')
param settings object

@description('The app settings that refer to secrets in the Key Vault, as objects with name and value.')
param secretSettings array

@description('The subnet that the app runs in. Empty for none.')
param subnetId string

param zoneRedundant bool
param instanceMemory int
param maximumInstances int

@description('How many HTTP requests an instance handles at once. 0 for the default of Azure, which is one for Python.')
param httpConcurrency int

@description('Instances that are always ready, as GROUP=COUNT, separated by commas.')
param alwaysReady string

@description('The origins of web pages that can call the functions, separated by commas.')
param corsOrigins string

param corsCredentials bool

var ownSettings = [
  for setting in items(settings): {
    name: setting.key
    value: setting.value
  }
]

var alwaysReadyGroups = [
  for group in (empty(alwaysReady) ? [] : split(alwaysReady, ',')): {
    name: trim(split(group, '=')[0])
    instanceCount: int(split(group, '=')[1])
  }
]

var httpTriggers = {
  http: {
    perInstanceConcurrency: httpConcurrency
  }
}

var origins = [for origin in (empty(corsOrigins) ? [] : split(corsOrigins, ',')): trim(origin)]

resource applicationInsights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: applicationInsightsName
}

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  // checkov:skip=CKV_AZURE_225: a parameter turns zone redundancy on
  name: name
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: {
    reserved: true
    zoneRedundant: zoneRedundant
  }
}

resource functionApp 'Microsoft.Web/sites@2025-03-01' = {
  // checkov:skip=CKV_AZURE_17: callers authenticate with an app key, not a certificate
  // checkov:skip=CKV_AZURE_212: the plan scales with the load, down to zero instances
  // checkov:skip=CKV_AZURE_213: the plan checks the health of its instances itself
  // checkov:skip=CKV_AZURE_222: without a virtual network, callers use the internet
  name: name
  location: location
  tags: union(tags, {
    'azd-service-name': 'app'
  })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    keyVaultReferenceIdentity: identityId
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    siteConfig: {
      appSettings: concat(ownSettings, secretSettings, [
        {
          name: 'APPLICATIONINSIGHTS_AUTHENTICATION_STRING'
          value: 'ClientId=${identityClientId};Authorization=AAD'
        }
        {
          name: 'APPLICATIONINSIGHTS_CONNECTION_STRING'
          value: applicationInsights.properties.ConnectionString
        }
        {
          name: 'AZURE_CLIENT_ID'
          value: identityClientId
        }
        {
          name: 'AzureWebJobsStorage__blobServiceUri'
          value: blobServiceUri
        }
        {
          name: 'AzureWebJobsStorage__clientId'
          value: identityClientId
        }
        {
          name: 'AzureWebJobsStorage__credential'
          value: 'managedidentity'
        }
        {
          name: 'AzureWebJobsStorage__queueServiceUri'
          value: queueServiceUri
        }
        {
          name: 'AzureWebJobsStorage__tableServiceUri'
          value: tableServiceUri
        }
      ])
      cors: {
        allowedOrigins: origins
        supportCredentials: corsCredentials
      }
      ftpsState: 'Disabled'
      http20Enabled: true
      minTlsVersion: '1.2'
    }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${blobServiceUri}${packageContainer}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      runtime: {
        name: 'python'
        version: pythonVersion
      }
      scaleAndConcurrency: {
        alwaysReady: alwaysReadyGroups
        instanceMemoryMB: instanceMemory
        maximumInstanceCount: maximumInstances
        triggers: httpConcurrency == 0 ? null : httpTriggers
      }
    }
  }
}

resource passwordsForFtp 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2025-03-01' = {
  parent: functionApp
  name: 'ftp'
  properties: {
    allow: false
  }
}

resource passwordsForScm 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2025-03-01' = {
  parent: functionApp
  name: 'scm'
  properties: {
    allow: false
  }
}

output name string = functionApp.name
output uri string = 'https://${functionApp.properties.defaultHostName}'
