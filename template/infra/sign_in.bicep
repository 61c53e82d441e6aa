// Sign-in with Microsoft Entra ID for every request to the function app.
param functionAppName string

@description('The client ID of the app registration of the MCP server.')
param clientId string

@description('The client IDs of the clients that can call the app for their users, separated by commas.')
param clients string

@description('Paths that need no sign-in.')
param excludedPaths array

var allowedClients = [for client in split(clients, ','): trim(client)]

resource functionApp 'Microsoft.Web/sites@2025-03-01' existing = {
  name: functionAppName
}

resource authentication 'Microsoft.Web/sites/config@2025-03-01' = {
  // checkov:skip=CKV_AZURE_13: this is how the app authenticates its callers
  // checkov:skip=CKV_AZURE_63: Application Insights keeps the logs of requests
  // checkov:skip=CKV_AZURE_65: Application Insights keeps the errors of functions
  // checkov:skip=CKV_AZURE_66: Application Insights keeps the failed requests
  // checkov:skip=CKV_AZURE_80: the app runs Python
  // checkov:skip=CKV_AZURE_88: the plan has no Azure Files
  // checkov:skip=CKV_AZURE_222: without a virtual network, callers use the internet
  parent: functionApp
  name: 'authsettingsV2'
  properties: {
    platform: {
      enabled: true
      runtimeVersion: '~1'
    }
    globalValidation: {
      requireAuthentication: true
      // The answer says where the client can sign in.
      unauthenticatedClientAction: 'Return401'
      excludedPaths: excludedPaths
    }
    httpSettings: {
      requireHttps: true
    }
    identityProviders: {
      azureActiveDirectory: {
        enabled: true
        registration: {
          clientId: clientId
          openIdIssuer: '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
        }
        validation: {
          allowedAudiences: [
            clientId
            'api://${clientId}'
          ]
          defaultAuthorizationPolicy: {
            allowedApplications: allowedClients
          }
        }
      }
    }
    login: {
      tokenStore: {
        enabled: false
      }
    }
  }
}
