// The private endpoints of a service. Only inside the virtual network do its names resolve to them.
param name string
param location string
param tags object
param subnetId string
param serviceId string

@description('The parts of the service, and their private DNS zones: {name: string, zone: string}.')
param parts array

resource privateZones 'Microsoft.Network/privateDnsZones@2024-06-01' existing = [
  for part in parts: {
    name: part.zone
  }
]

// Each of them locks the service.
@batchSize(1)
resource endpoints 'Microsoft.Network/privateEndpoints@2026-01-01' = [
  for part in parts: {
    name: '${name}-${toLower(part.name)}'
    location: location
    tags: tags
    properties: {
      subnet: {
        id: subnetId
      }
      privateLinkServiceConnections: [
        {
          name: part.name
          properties: {
            privateLinkServiceId: serviceId
            groupIds: [
              part.name
            ]
          }
        }
      ]
    }
  }
]

resource zoneGroups 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2026-01-01' = [
  for (part, index) in parts: {
    parent: endpoints[index]
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [
        {
          name: part.name
          properties: {
            privateDnsZoneId: privateZones[index].id
          }
        }
      ]
    }
  }
]
