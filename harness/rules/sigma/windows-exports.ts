// What exporters of the Windows event log say under names of their own: event number, channel, publisher and machine,
// and where they keep the event's data.
//
// | exporter                        | number    | channel                | publisher    | data                            |
// |---------------------------------|-----------|------------------------|--------------|---------------------------------|
// | EvtxECmd                        | EventId   | Channel                | Provider     | Payload, JSON within a text     |
// | Get-WinEvent, ConvertTo-Json    | Id        | LogName                | ProviderName | by position: no names           |
// | nxlog, Security Datasets        | EventID   | Channel                | SourceName   | beside the others               |
// | Splunk                          | EventCode | source `XmlWinEventLog:…` | SourceName | beside the others             |
// | Hayabusa                        | EventID   | Channel, abbreviated   | Provider     | AllFieldInfo, ExtraFieldInfo    |

type Record = Readonly<globalThis.Record<string, unknown>>;

export interface WindowsExport {
  /** The event log's own names with their values, as far as the record lacks them. */
  readonly names: readonly (readonly [name: string, value: unknown])[];
  /** Objects that hold the event's data by name. */
  readonly data: readonly Record[];
}

/** What is said in a flat record under other names; undefined where nothing is. */
export function windowsExportIn(root: Record): WindowsExport | undefined {
  const names = [...namesIn(root)].filter(([, value]) => value !== undefined && value !== null);
  const data = [payloadOf(root), root.AllFieldInfo, root.ExtraFieldInfo].filter(isRecord);
  return names.length === 0 && data.length === 0 ? undefined : { names, data };
}

function* namesIn(root: Record): Generator<readonly [string, unknown]> {
  const { EventID, Channel, Provider_Name, Computer } = root;
  // Programs of all sorts have an `Id` or a `SourceName`: only both kinds of name together are of an event log.
  const id = EventID ?? root.EventId ?? root.EventCode ?? (isText(root.LogName) ? root.Id : undefined);
  if (id === undefined || id === null) return;
  if (EventID === undefined) yield ['EventID', id];
  const channel = Channel ?? root.LogName ?? splunkChannel(root.source) ?? splunkChannel(root.sourcetype);
  const whole =
    isHayabusa(root) && isText(channel) ? (abbreviations[channel.toLowerCase()] ?? channel) : channel;
  if (whole !== Channel) yield ['Channel', whole];
  const provider = root.ProviderName ?? root.Provider ?? root.SourceName;
  if (Provider_Name === undefined && isText(provider)) yield ['Provider_Name', provider];
  if (Computer === undefined) yield ['Computer', root.MachineName ?? root.ComputerName ?? root.Hostname];
}

const splunkChannel = (source: unknown): string | undefined =>
  isText(source) ? /^(?:Xml)?WinEventLog:(.+)$/i.exec(source)?.[1] : undefined;

const isHayabusa = (root: Record): boolean =>
  'AllFieldInfo' in root || 'ExtraFieldInfo' in root || 'RuleTitle' in root;

/** EvtxECmd's text of JSON. */
function payloadOf({ Payload }: Record): Record | undefined {
  if (!isText(Payload) || !Payload.startsWith('{')) return undefined;
  try {
    const { EventData, UserData } = JSON.parse(Payload);
    return isRecord(EventData) ? EventData : isRecord(UserData) ? UserData : undefined;
  } catch {
    return undefined;
  }
}

/** @source Yamato-Security/hayabusa-rules, config/channel_abbreviations.txt: those of channels that Sigma has services for */
const abbreviations: Readonly<globalThis.Record<string, string>> = Object.assign(Object.create(null), {
  app: 'Application',
  'dns-svr': 'DNS Server',
  svcbuscli: 'Microsoft-ServiceBus-Client',
  codeinteg: 'Microsoft-Windows-CodeIntegrity/Operational',
  'ldap-cli': 'Microsoft-Windows-LDAP-Client/Debug',
  applocker: 'Microsoft-Windows-AppLocker/EXE and DLL',
  bitscli: 'Microsoft-Windows-Bits-Client/Operational',
  'dhcp-svr': 'Microsoft-Windows-DHCP-Server/Operational',
  dvrfmwk: 'Microsoft-Windows-DriverFrameworks-UserMode/Operational',
  ntlm: 'Microsoft-Windows-NTLM/Operational',
  secmitig: 'Microsoft-Windows-Security-Mitigations/KernelMode',
  smbclisec: 'Microsoft-Windows-SmbClient/Security',
  sysmon: 'Microsoft-Windows-Sysmon/Operational',
  tasksch: 'Microsoft-Windows-TaskScheduler/Operational',
  printadm: 'Microsoft-Windows-PrintService/Admin',
  printop: 'Microsoft-Windows-PrintService/Operational',
  pwsh: 'Microsoft-Windows-PowerShell/Operational',
  pwshcore: 'PowerShellCore/Operational',
  pwshclassic: 'Windows PowerShell',
  defender: 'Microsoft-Windows-Windows Defender/Operational',
  firewall: 'Microsoft-Windows-Windows Firewall With Advanced Security/Firewall',
  wmi: 'Microsoft-Windows-WMI-Activity/Operational',
  exchange: 'MSExchange Management',
  openssh: 'OpenSSH/Operational',
  'rds-lsm': 'Microsoft-Windows-TerminalServices-LocalSessionManager/Operational',
  sec: 'Security',
  sys: 'System',
});

/**
 * Winlogbeat's fields in a record that has them flat (`winlog.event_data.TaskName`), nested again; what Kibana puts in a
 * list of one stands alone. Undefined where there are none.
 */
export function flatWinlog(root: Record): Record | undefined {
  const names = Object.keys(root).filter((name) => name.startsWith('winlog.'));
  if (names.length === 0) return undefined;
  const winlog: globalThis.Record<string, unknown> = Object.create(null);
  const data: globalThis.Record<string, unknown> = Object.create(null);
  for (const name of names) {
    const [, own] = /^winlog\.(?:event_data|user_data)\.(.+)$/.exec(name) ?? [];
    if (own === undefined) winlog[name.slice('winlog.'.length)] = onlyOne(root[name]);
    else data[own] = onlyOne(root[name]);
  }
  return { event_data: data, ...winlog };
}

/** The item of a list of one; any other value as it is. */
export const onlyOne = (value: unknown): unknown =>
  Array.isArray(value) && value.length === 1 ? value[0] : value;

const isText = (value: unknown): value is string => typeof value === 'string';

const isRecord = (value: unknown): value is Record =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
