"""The options of host.json that are documented, with what values they take."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

# A line is an option: its name, its kind, and the values that it takes. Options of an object are
# indented. The kinds: object, open (an object of any names), any, bool, text, list, int, number,
# time (a TimeSpan), timeout (a TimeSpan or -1), level (a log level), levels (an object of them).
# Numbers may have a least and a greatest value; texts may have a choice.
_TABLE = """
version text
functionTimeout timeout
id any
$schema any
managedDependencies open
functions list
watchDirectories list
watchFiles list
fileWatchingEnabled bool
telemetryMode text ApplicationInsights|OpenTelemetry
configurationProfile text
isDefaultHostConfig bool
sendCanceledInvocationsToWorker bool
metadataProviderTimeout time
aggregator object
  batchSize int 1
  flushTimeout time
healthMonitor object
  enabled bool
  healthCheckInterval time
  healthCheckWindow time
  healthCheckThreshold int 0
  counterThreshold number 0 1
singleton object
  lockPeriod time
  listenerLockPeriod time
  listenerLockRecoveryPollingInterval time
  lockAcquisitionTimeout time
  lockAcquisitionPollingInterval time
concurrency object
  dynamicConcurrencyEnabled bool
  snapshotPersistenceEnabled bool
  maximumFunctionConcurrency int
  totalAvailableMemoryBytes int
  cpuThreshold number
managedDependency object
  enabled bool
customHandler open
httpWorker open
retry open
extensionBundle object
  id text
  version text
logging object
  fileLoggingMode text never|always|debugOnly
  logLevel levels
  console object
    isEnabled bool
    disableColors bool
    disabledUntil text
  applicationInsights object
    samplingSettings object
      isEnabled bool
      maxTelemetryItemsPerSecond number 0
      evaluationInterval time
      initialSamplingPercentage number 0 100
      samplingPercentageIncreaseTimeout time
      samplingPercentageDecreaseTimeout time
      minSamplingPercentage number 0 100
      maxSamplingPercentage number 0 100
      movingAverageRatio number 0 1
      excludedTypes text
      includedTypes text
      initialSamplingPercentage number 0 100
    samplingExcludedTypes text
    samplingIncludedTypes text
    enableLiveMetrics bool
    enableLiveMetricsFilters bool
    enableDependencyTracking bool
    enablePerformanceCountersCollection bool
    enableAutocollectedMetricsExtractor bool
    dependencyTrackingOptions open
    snapshotConfiguration open
    httpAutoCollectionOptions object
      enableHttpTriggerExtendedInfoCollection bool
      enableW3CDistributedTracing bool
      enableResponseHeaderInjection bool
    liveMetricsInitializationDelay time
    instrumentationKey text
    connectionString text
    diagnosticsEventListenerLogLevel text
    quickPulseAuthenticationApiKey text
    liveMetricsAuthenticationApiKey text
    enableQueryStringTracing bool
    enableStandardMetrics bool
    enableAdaptiveSamplingDelay bool
    adaptiveSamplingInitializationDelay time
extensions object
  http object
    routePrefix text
    maxOutstandingRequests int -1
    maxConcurrentRequests int -1
    dynamicThrottlesEnabled bool
    customHeaders open
    hsts object
      isEnabled bool
      maxAge any
      includeSubDomains bool
      preload bool
      excludedHosts list
  queues object
    maxPollingInterval time
    visibilityTimeout time
    batchSize int 1 32
    maxDequeueCount int 1
    newBatchThreshold int 0
    messageEncoding text base64|none
  blobs object
    maxDegreeOfParallelism int 1
    poisonBlobThreshold int 1
    centralizedPoisonQueue bool
  tables open
  azureTables open
  serviceBus object
    clientRetryOptions object
      mode text exponential|fixed
      tryTimeout time
      delay time
      maxDelay time
      maxRetries int 0 100
      customRetryPolicy any
    prefetchCount int 0
    transportType text amqpTcp|amqpWebSockets
    webProxy text
    autoCompleteMessages bool
    maxAutoLockRenewalDuration infinite
    maxConcurrentCalls int 1
    maxConcurrentSessions int 1
    maxConcurrentCallsPerSession int 1
    maxMessageBatchSize int 1
    minMessageBatchSize int 1
    maxBatchWaitTime time
    sessionIdleTimeout time
    enableCrossEntityTransactions bool
    jsonSerializerSettings open
    drainMode any
  eventHubs object
    maxEventBatchSize int 1
    minEventBatchSize int 1
    maxWaitTime time
    batchCheckpointFrequency int 1
    prefetchCount int 0
    prefetchSizeInBytes int 0
    trackLastEnqueuedEventProperties bool
    loadBalancingUpdateInterval time
    partitionOwnershipExpirationInterval time
    loadBalancingStrategy text greedy|balanced
    targetUnprocessedEventThreshold int 1
    enableCheckpointing bool
    transportType text amqpTcp|amqpWebSockets
    webProxy text
    customEndpointAddress text
    connectionOptions open
    eventProcessorHost open
    maxBatchSize any
    checkpointingEnabled any
    clientRetryOptions object
      mode text exponential|fixed
      tryTimeout time
      delay time
      maximumDelay time
      maxDelay time
      maximumRetries int 0 100
      maxRetries int 0 100
    initialOffsetOptions object
      type text fromStart|fromEnd|fromEnqueuedTime
      enqueuedTimeUtc text
  cosmosDB object
    connectionMode text gateway|direct
    protocol any
    leaseOptions open
    userAgentSuffix text
  durableTask object
    hubName text
    defaultVersion text
    versionMatchStrategy text
    versionFailureStrategy text
    versioning open
    storageProvider open
    controlQueueBatchSize any
    partitionCount any
    controlQueueVisibilityTimeout any
    workItemQueueVisibilityTimeout any
    azureStorageConnectionStringName text
    trackingStoreConnectionStringName text
    trackingStoreNamePrefix text
    maxQueuePollingInterval any
    logReplayEvents bool
    maxConcurrentActivityFunctions int 1
    maxConcurrentOrchestratorFunctions int 1
    maxConcurrentEntityFunctions int 1
    maxEntityOperationBatchSize int 0
    maxOrchestrationActions int 1
    maxGrpcMessageSizeInBytes int 1
    grpcHttpClientTimeout time
    localRpcEndpointEnabled bool
    localRpcEndpointEnabledForScale bool
    extendedSessionsEnabled bool
    extendedSessionIdleTimeoutInSeconds int 0
    entityMessageReorderWindowInMinutes int 0
    rollbackEntityOperationsOnExceptions bool
    storeInputsInOrchestrationHistory bool
    throwStatusExceptionsOnRaiseEvent bool
    traceInputsAndOutputs bool
    traceReplayEvents bool
    useAppLease bool
    useGracefulShutdown bool
    useLegacyPartitionManagement bool
    useTablePartitionManagement bool
    fetchLargeMessagesAutomatically bool
    overridableExistingInstanceStates text nonRunningStates|anyState
    appLeaseOptions open
    tracing object
      traceInputsAndOutputs bool
      traceReplayEvents bool
      allowVerboseLinuxTelemetry bool
      distributedTracingEnabled bool
      distributedTracingProtocol text HttpCorrelationProtocol|W3CTraceContext
      version text V1|V2|None
    notifications open
    eventGridTopicEndpoint text
    eventGridKeySettingName text
    eventGridPublishRetryCount int
    eventGridPublishRetryInterval time
    eventGridPublishEventTypes any
    httpSettings open
  kafka object
    maxBatchSize int 1
    subscriberIntervalInSeconds int 1
    executorChannelCapacity int 1
    channelFullRetryIntervalInMs int 1
    autoCommitIntervalMs int
    autoOffsetReset text Earliest|Latest|Error
    fetchMaxBytes int
    heartbeatIntervalMs int
    libkafkaDebug any
    maxPartitionFetchBytes int
    maxPollIntervalMs int
    metadataMaxAgeMs int
    queuedMinMessages int
    queuedMaxMessagesKbytes int
    reconnectBackoffMs int
    reconnectBackoffMaxMs int
    sessionTimeoutMs int
    socketKeepaliveEnable bool
    socketMaxFails int
    socketNagleDisable bool
    statisticsIntervalMs int
    topicMetadataRefreshFastIntervalMs int
    topicMetadataRefreshIntervalMs int
  rabbitMQ object
    prefetchCount int 0 65535
    queueName text
    connectionString text
    port int 0 65535
    maxConcurrentCalls any
    disableCertificateValidation bool
  signalR open
  webPubSub open
  webPubSubForSocketIO open
  sendGrid object
    from any
    to any
    apiKey text
  twilioSms open
  sql open
  Sql open
  mysql open
  mySql open
  redis open
  dapr open
  kusto open
  openAI open
  openai open
  eventGrid open
  eventGrids open
  table open
  authenticationEvents open
  warmup open
  timers open
  files open
  sendgrid open
  fabric open
  workflow open
  cosmosDBMongo open
  mcp object
    instructions text
    serverName text
    serverVersion text
    encryptClientState bool
    messageOptions open
    system object
      webhookAuthorizationLevel text System|Anonymous
"""


@dataclass(frozen=True)
class Option:
    """An option: its name as documented, its kind, what it takes, and the options below it."""

    name: str
    kind: str
    values: tuple[str, ...]
    options: dict[str, Option]

    @property
    def range(self) -> tuple[float, float]:
        """Return the least and the greatest number."""
        least, most = (*map(float, self.values), *(float("-inf"), float("inf"))[len(self.values) :])
        return least, most

    @property
    def choice(self) -> list[str]:
        """Return the texts that the option takes; none if it takes any."""
        return self.values[0].split("|") if self.values else []


def _parse(table: str) -> Option:
    root = Option("", "object", (), {})
    path = [root]
    for line in table.strip().splitlines():
        depth = (len(line) - len(line.lstrip())) // 2
        name, kind, *values = line.split()
        option = Option(name, kind, tuple(values), {})
        del path[depth + 1 :]
        path[-1].options[name.lower()] = option
        path.append(option)
    return root


HOST = _parse(_TABLE)

# Options of older versions that nothing reads any more, and what to write instead.
REMOVED = {
    (
        "extensions",
        "servicebus",
        "messagehandleroptions",
    ): "Put the options under serviceBus itself.",
    (
        "extensions",
        "servicebus",
        "sessionhandleroptions",
    ): "Put the options under serviceBus itself.",
    ("extensions", "servicebus", "batchoptions"): "Write maxMessageBatchSize under serviceBus.",
    ("extensions", "servicebus", "autocomplete"): "Write autoCompleteMessages.",
    ("extensions", "servicebus", "autorenewtimeout"): "Write maxAutoLockRenewalDuration.",
    ("extensions", "servicebus", "maxautorenewduration"): "Write maxAutoLockRenewalDuration.",
    ("extensions", "eventhubs", "eventprocessoroptions"): "Put the options under eventHubs itself.",
    ("logger",): "Write logging.logLevel.",
    ("tracing",): "Write logging.logLevel.",
    ("applicationinsights",): "Put it under logging.",
    ("loglevel",): "Put it under logging.",
    ("samplingsettings",): "Put it under logging.applicationInsights.",
    ("logging", "samplingsettings"): "Put it under logging.applicationInsights.",
    ("logging", "samplingexcludedtypes"): "Put it under logging.applicationInsights.",
    ("http",): "Put it under extensions.",
    ("queues",): "Put it under extensions.",
    ("blobs",): "Put it under extensions.",
    ("servicebus",): "Put it under extensions.",
    ("eventhub",): "Write extensions.eventHubs.",
    ("eventhubs",): "Put it under extensions.",
    ("cosmosdb",): "Put it under extensions.",
    ("documentdb",): "Write extensions.cosmosDB.",
    ("durabletask",): "Put it under extensions.",
    ("kafka",): "Put it under extensions.",
    ("mcp",): "Put it under extensions.",
    ("routeprefix",): "Put it under extensions.http.",
    ("extensions", "routeprefix"): "Put it under extensions.http.",
    ("retry",): "Decorate the functions with @app.retry(...).",
}

BUNDLE = "Microsoft.Azure.Functions.ExtensionBundle"
BUNDLES = (BUNDLE, f"{BUNDLE}.Preview", f"{BUNDLE}.Experimental", f"{BUNDLE}.Workflows")
# When the support of a bundle's major version ends; these are the versions that have a successor.
BUNDLE_ENDS = {1: date(2026, 5, 30), 2: date(2026, 5, 30), 3: date(2026, 5, 30)}
NEWEST_BUNDLE = 4
