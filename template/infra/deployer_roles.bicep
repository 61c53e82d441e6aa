// The roles that let the person who deploys send what the functions read, and read what they write.
param roleIds array

@description('Who deploys. Empty for nobody.')
param principalId string

param principalType string

var deployerRoleIds = empty(principalId) ? [] : roleIds

resource assignments 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for roleId in deployerRoleIds: {
    name: guid(resourceGroup().id, principalId, roleId)
    properties: {
      principalId: principalId
      principalType: principalType
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleId)
    }
  }
]
