// The table between the Windows event log and Sigma's log sources: which channel a service is, and which events of
// which channel a category is. Sysmon for Linux numbers its events as Sysmon does, in a channel of its own.
// @source SigmaHQ, sigma-specification, appendix "taxonomy"; pySigma's pipelines `windows` and `sysmon`

/** Events of the Windows event log that are one of Sigma's categories. */
export interface WindowsCategory {
  readonly category: string;
  /** As in `windowsServices`. */
  readonly channels: readonly string[];
  /** Event numbers; absent: all of the channel. */
  readonly ids?: readonly number[];
  /** How `EventType` begins where the number alone does not tell. */
  readonly eventType?: string;
}

/** Where Sysmon writes, and nothing else does. */
export const sysmonChannels: readonly string[] = [
  'microsoft-windows-sysmon/operational',
  'linux-sysmon/operational',
];
const powershellChannels = ['microsoft-windows-powershell/operational', 'powershellcore/operational'];

/** Service → its channels in lower case; a name that ends in `/*` stands for all channels of that publisher. */
export const windowsServices: Readonly<Record<string, readonly string[]>> = {
  application: ['application'],
  'appmodel-runtime': ['microsoft-windows-appmodel-runtime/*'],
  applocker: ['microsoft-windows-applocker/*'],
  'appxdeployment-server': ['microsoft-windows-appxdeploymentserver/*'],
  'appxpackaging-om': ['microsoft-windows-appxpackaging/*'],
  bitlocker: ['microsoft-windows-bitlocker/*'],
  'bits-client': ['microsoft-windows-bits-client/*'],
  capi2: ['microsoft-windows-capi2/*'],
  'certificateservicesclient-lifecycle-system': [
    'microsoft-windows-certificateservicesclient-lifecycle-system/*',
  ],
  'codeintegrity-operational': ['microsoft-windows-codeintegrity/operational'],
  dhcp: ['microsoft-windows-dhcp-server/*'],
  'diagnosis-scripted': ['microsoft-windows-diagnosis-scripted/*'],
  'dns-client': ['microsoft-windows-dns client events/*', 'microsoft-windows-dns-client/*'],
  'dns-server': ['dns server'],
  'dns-server-analytic': [
    'microsoft-windows-dns-server/analytical',
    'microsoft-windows-dnsserver/analytical',
  ],
  'dns-server-audit': ['microsoft-windows-dns-server/audit', 'microsoft-windows-dnsserver/audit'],
  'driver-framework': ['microsoft-windows-driverframeworks-usermode/*'],
  'firewall-as': ['microsoft-windows-windows firewall with advanced security/*'],
  'hyper-v-worker': ['microsoft-windows-hyper-v-worker/*', 'microsoft-windows-hyper-v-worker-admin'],
  'iis-configuration': ['microsoft-iis-configuration/*'],
  'kernel-event-tracing': ['microsoft-windows-kernel-eventtracing/*'],
  'kernel-shimengine': ['microsoft-windows-kernel-shimengine/*'],
  ldap_debug: ['microsoft-windows-ldap-client/debug'],
  'lsa-server': ['microsoft-windows-lsa/*'],
  'microsoft-servicebus-client': ['microsoft-servicebus-client', 'microsoft-servicebus-client/*'],
  'msexchange-management': ['msexchange management'],
  ntfs: ['microsoft-windows-ntfs/*'],
  ntlm: ['microsoft-windows-ntlm/*'],
  openssh: ['openssh/*'],
  powershell: powershellChannels,
  'powershell-classic': ['windows powershell'],
  'printservice-admin': ['microsoft-windows-printservice/admin'],
  'printservice-operational': ['microsoft-windows-printservice/operational'],
  security: ['security'],
  'security-mitigations': ['microsoft-windows-security-mitigations/*'],
  sense: ['microsoft-windows-sense/*'],
  'shell-core': ['microsoft-windows-shell-core/*'],
  'smbclient-connectivity': ['microsoft-windows-smbclient/connectivity'],
  'smbclient-security': ['microsoft-windows-smbclient/security'],
  'smbserver-connectivity': ['microsoft-windows-smbserver/connectivity'],
  sysmon: sysmonChannels,
  system: ['system'],
  taskscheduler: ['microsoft-windows-taskscheduler/*'],
  'terminalservices-localsessionmanager': ['microsoft-windows-terminalservices-localsessionmanager/*'],
  vhdmp: ['microsoft-windows-vhdmp/*'],
  windefend: ['microsoft-windows-windows defender/*'],
  wmi: ['microsoft-windows-wmi-activity/*'],
};

/** Publishers that are not called like their channel; most channels are called after their publisher. */
export const channelsOfProvider: Readonly<Record<string, readonly string[]>> = {
  'microsoft-windows-security-auditing': ['security'],
  'microsoft-windows-eventlog': ['security', 'system', 'application'],
  'service control manager': ['system'],
  powershell: ['windows powershell'],
  'microsoft-windows-dns-server-service': ['dns server'],
  'linux-sysmon': ['linux-sysmon/operational'],
};

const sysmon = (category: string, ids: readonly number[], eventType?: string): WindowsCategory => ({
  category,
  channels: sysmonChannels,
  ids,
  ...(eventType !== undefined && { eventType }),
});

const powershell = (category: string, channels: readonly string[], id: number): WindowsCategory => ({
  category,
  channels,
  ids: [id],
});

export const windowsCategories: readonly WindowsCategory[] = [
  sysmon('process_creation', [1]),
  sysmon('file_change', [2]),
  sysmon('network_connection', [3]),
  sysmon('sysmon_status', [4, 16]),
  sysmon('process_termination', [5]),
  sysmon('driver_load', [6]),
  sysmon('image_load', [7]),
  sysmon('create_remote_thread', [8]),
  sysmon('raw_access_thread', [9]),
  sysmon('process_access', [10]),
  sysmon('file_event', [11]),
  sysmon('registry_add', [12], 'create'),
  sysmon('registry_delete', [12], 'delete'),
  sysmon('registry_set', [13]),
  sysmon('registry_rename', [14]),
  sysmon('registry_event', [12, 13, 14]),
  sysmon('create_stream_hash', [15]),
  sysmon('pipe_created', [17, 18]),
  sysmon('wmi_event', [19, 20, 21]),
  sysmon('dns_query', [22]),
  sysmon('file_delete', [23, 26]),
  sysmon('file_delete_detected', [26]),
  sysmon('clipboard_capture', [24]),
  sysmon('clipboard_change', [24]),
  sysmon('process_tampering', [25]),
  sysmon('file_block_executable', [27]),
  sysmon('file_block_shredding', [28]),
  sysmon('file_block', [27, 28]),
  sysmon('file_executable_detected', [29]),
  sysmon('sysmon_error', [255]),
  { category: 'process_creation', channels: ['security'], ids: [4688] },
  // The Security log's own event for the registry says in `OperationType` which of these it is.
  { category: 'registry_add', channels: ['security'], ids: [4657] },
  { category: 'registry_set', channels: ['security'], ids: [4657] },
  { category: 'registry_delete', channels: ['security'], ids: [4657] },
  { category: 'registry_event', channels: ['security'], ids: [4657] },
  { category: 'process_termination', channels: ['security'], ids: [4689] },
  powershell('ps_module', powershellChannels, 4103),
  powershell('ps_script', powershellChannels, 4104),
  powershell('ps_classic_start', ['windows powershell'], 400),
  powershell('ps_classic_provider_start', ['windows powershell'], 600),
  powershell('ps_classic_script', ['windows powershell'], 800),
  { category: 'file_access', channels: ['microsoft-windows-kernel-file/*'] },
  { category: 'file_rename', channels: ['microsoft-windows-kernel-file/*'] },
  { category: 'file_delete', channels: ['microsoft-windows-kernel-file/*'] },
  { category: 'antivirus', channels: ['microsoft-windows-windows defender/*'] },
];
