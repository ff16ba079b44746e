import { SEEN_S, testCases } from './read-as.js';

testCases([
  {
    title: 'AWS VPC: the header orders the fields, the flags tell the client, gaps are counted',
    format: 'aws-vpc',
    text: [
      'action srcaddr dstaddr pkt-srcaddr pkt-dstaddr srcport dstport protocol tcp-flags bytes start end log-status',
      `ACCEPT 10.0.0.5 10.0.0.6 10.1.0.10 10.1.0.20 40000 8080 6 3 100 ${SEEN_S} ${SEEN_S + 60} OK`,
      `ACCEPT 10.0.0.6 10.0.0.5 10.1.0.20 10.1.0.10 8080 40000 6 19 100 ${SEEN_S} ${SEEN_S + 60} OK`,
      `REJECT 10.0.0.6 10.0.0.5 10.1.0.21 10.1.0.10 30000 22 6 2 40 ${SEEN_S} ${SEEN_S + 60} OK`,
      `- - - - - - - - - - ${SEEN_S} ${SEEN_S + 60} NODATA`,
      `- - - - - - - - - - ${SEEN_S} ${SEEN_S + 60} SKIPDATA`,
      'ACCEPT 10.0.0.5',
    ].join('\n'),
    edges: [
      '10.1.0.10 -> 10.1.0.20 TCP 8080 ALLOWED tcp_flags',
      '10.1.0.21 -> 10.1.0.10 TCP 22 DENIED tcp_flags',
    ],
    skipped: { reply: 1, 'no-data': 1, 'lost-events': 1 },
    rejected: ['UNKNOWN_FIELDS'],
  },
  {
    title: 'AWS VPC CNI: text with and without colons, JSON, and lines of the agent itself',
    format: 'aws-cni',
    text: [
      '{"level":"info","ts":"2026-11-22T10:00:00.000Z","logger":"ebpf-client","msg":"Flow Info: Src IP: 10.1.0.10 Src Port: 40000 Dest IP: 10.1.0.20 Dest Port: 8080 Proto TCP Verdict DENY Direction ingress"}',
      '{"level":"debug","ts":"2026-11-22T10:00:01.000Z","logger":"ebpf-client","msg":"Flow Info:  ","Src IP":"10.1.0.10","Src Port":40001,"Dest IP":"10.1.0.20","Dest Port":8081,"Proto":"TCP","Verdict":"ACCEPT"}',
      '2026-11-22T10:00:02Z info Flow Info: Src IP: fd00::10 Src Port: 40002 Dest IP: fd00::20 Dest Port: 8082 Proto: UDP Verdict: ACCEPT Direction: egress',
      '{"level":"info","ts":"2026-11-22T10:00:03.000Z","msg":"Flow Info: Src IP: 10.1.0.10 Src Port: 1 Dest IP: 10.1.0.20 Dest Port: 2 Proto TCP Verdict EXPIRED/DELETED"}',
      '{"level":"info","ts":"2026-11-22T10:00:03.000Z","msg":"Starting"}',
    ].join('\n'),
    edges: [
      '10.1.0.10 -> 10.1.0.20 TCP 8080 DENIED port_heuristic',
      '10.1.0.10 -> 10.1.0.20 TCP 8081 ALLOWED conntrack',
      'fd00::10 -> fd00::20 UDP 8082 ALLOWED conntrack',
    ],
    skipped: { 'not-a-start': 1, 'not-a-flow': 1 },
  },
  {
    title: 'AWS VPC CNI: what the agent sends to CloudWatch',
    format: 'aws-cni',
    text: JSON.stringify({
      events: [
        'Node: ip-10-0-0-1.ec2.internal;SIP: 10.1.0.10;SPORT: 40000;DIP: 10.1.0.20;DPORT: 8080;PROTOCOL: TCP;PolicyVerdict: DENY',
        'Node: ip-10-0-0-1.ec2.internal;SIP: fd00::10;SPORT: 40000;DIP: fd00::20;DPORT: 53;PROTOCOL: UDP;PolicyVerdict: ACCEPT',
        'Node: ip-10-0-0-1.ec2.internal;SIP: 10.1.0.10;SPORT: 1;DIP: 10.1.0.20;DPORT: 2;PROTOCOL: TCP;PolicyVerdict: EXPIRED/DELETED',
      ].map(message => ({ message, timestamp: SEEN_S * 1000 })),
    }),
    edges: [
      '10.1.0.10 -> 10.1.0.20 TCP 8080 DENIED port_heuristic',
      'fd00::10 -> fd00::20 UDP 53 ALLOWED conntrack',
    ],
    skipped: { 'not-a-start': 1 },
  },
  {
    title: 'GKE: entries of Cloud Logging, in a list',
    format: 'gke',
    text: JSON.stringify([
      {
        insertId: 'a',
        timestamp: '2026-11-22T10:00:00Z',
        jsonPayload: {
          connection: {
            src_ip: '10.1.0.10',
            src_port: 40_000,
            dest_ip: '10.1.0.20',
            dest_port: 8080,
            protocol: 'tcp',
            direction: 'ingress',
          },
          disposition: 'deny',
          count: 4,
          src: {
            namespace: 'shop',
            pod_name: 'web-1',
            workload_kind: 'Deployment',
            workload_name: 'web',
          },
          dest: { namespace: 'shop', pod_name: 'api-0' },
        },
      },
      { insertId: 'b', timestamp: '2026-11-22T10:00:00Z', jsonPayload: { other: true } },
    ]),
    edges: ['shop/web-1 -> shop/api-0 TCP 8080 DENIED reported'],
    rejected: ['NOT_GKE'],
  },
  {
    title: 'conntrack: the second tuple has the pod, the first the Service',
    format: 'conntrack',
    text: [
      'tcp      6 431999 ESTABLISHED src=10.1.0.10 dst=10.96.0.7 sport=40000 dport=80 src=10.1.0.20 dst=10.1.0.10 sport=8080 dport=40000 [ASSURED] mark=0 use=1',
      'udp      17 29 src=10.1.0.10 dst=10.1.0.53 sport=41000 dport=53 [UNREPLIED] src=10.1.0.53 dst=10.1.0.10 sport=53 dport=41000 mark=0 use=1',
      'tcp      6 10 CLOSE src=127.0.0.1 dst=127.0.0.1 sport=40000 dport=9099 src=127.0.0.1 dst=127.0.0.1 sport=9099 dport=40000 use=1',
      '[DESTROY] tcp 6 src=10.1.0.10 dst=10.1.0.20 sport=40000 dport=8080 src=10.1.0.20 dst=10.1.0.10 sport=8080 dport=40000',
      '[UPDATE] tcp 6 60 ESTABLISHED src=10.1.0.10 dst=10.1.0.20 sport=40000 dport=8080 src=10.1.0.20 dst=10.1.0.10 sport=8080 dport=40000',
      'conntrack v1.4.6 (conntrack-tools): 3 flow entries have been shown.',
      "Operation failed: such file doesn't exist",
    ].join('\n'),
    edges: [
      '10.1.0.10 -> 10.1.0.20 TCP 8080 (80) UNKNOWN conntrack',
      '10.1.0.10 -> 10.1.0.53 UDP 53 UNKNOWN conntrack',
      '10.1.0.10 -> 10.1.0.20 TCP 8080 UNKNOWN conntrack',
    ],
    skipped: { loopback: 1, 'not-a-start': 1, 'not-a-flow': 1 },
    rejected: ['NOT_CONNTRACK'],
  },
  {
    title: 'CSV: the fields of our own record, with quotes, labels and empty cells',
    format: 'csv',
    text: [
      'time,source.namespace,source.pod,source.labels,destination.namespace,destination.workload.kind,destination.workload.name,destination.ip,port,protocol,verdict,isReply',
      '2026-11-22T10:00:00Z,shop,web-1,app=web;tier=front,shop,Deployment,api,,8080,TCP,ALLOWED,',
      '2026-11-22T10:00:00Z,shop,web-1,"{""app"":""web""}",,,,203.0.113.9,443,TCP,,null',
      '2026-11-22T10:00:00Z,shop,web-1,,shop,Deployment,api,,8080,TCP,,true',
      '2026-11-22T10:00:00Z,shop,web-1,,shop,Deployment,api,,eighty,TCP,,',
      'too,few',
    ].join('\n'),
    edges: [
      'shop/web-1 -> shop/Deployment/api TCP 8080 ALLOWED assumed',
      'shop/web-1 -> 203.0.113.9 TCP 443 UNKNOWN unknown',
    ],
    skipped: { reply: 1 },
    rejected: ['BAD_CSV', 'BAD_PORT'],
  },
  {
    title:
      'CSV of a spreadsheet: its separator, a mark before it, numbers in its manner, empty cells and rows',
    format: 'csv',
    text: [
      '\ufeffsep=;',
      '"Source.IP"; Source.Namespace ;Source.Pod;Source.Labels;Destination.IP;TIME;Port;Protocol;Bytes;isReply;;',
      ';shop;"web-1";app=web,tier=front;10.0.0.2;2026-11-22T10:00:00Z;8080,0;tcp;1.024;FALSE;;',
      '10.0.0.1;;;;10.0.0.2;2026-11-22T10:00:00Z;8081;TCP;1 024 000;;;',
      ';;;;;;;;;;;',
      '10.0.0.1;;;;10.0.0.2;2026-11-22T10:00:00Z;8081;TCP;1,024;;;',
      '10.0.0.1;;;;10.0.0.2;2026-11-22T10:00:00Z;8082;TCP;1,5;;;',
      '10.0.0.1;;;;10.0.0.2;2026-11-22T10:00:00Z;8083;TCP;1,2E+12;;;',
      '10.0.0.1;;;;10.0.0.2;2026-11-22T10:00:00Z;8084;TCP;"1;;;',
    ].join('\r\n'),
    edges: [
      'shop/web-1 -> 10.0.0.2 TCP 8080 UNKNOWN reported',
      '10.0.0.1 -> 10.0.0.2 TCP 8081 UNKNOWN assumed',
    ],
    skipped: { 'not-a-flow': 2 },
    rejected: ['BAD_COUNT', 'BAD_COUNT', 'BAD_COUNT', 'BAD_CSV'],
  },
  {
    title: 'CSV with tabs, and a column that is there twice',
    format: 'csv',
    text: [
      'time\tsource.ip\tdestination.ip\tport\tprotocol\tbytes',
      '2026-11-22T10:00:00Z\t10.0.0.1\t10.0.0.2\t8080\tTCP\t12',
      '2026-11-22T10:00:00Z\t10.0.0.1\t10.0.0.2\t8080\tTCP\t1,024',
      'time|source.ip|destination.ip|port|port|protocol',
      '2026-11-22T10:00:00Z|10.0.0.1|10.0.0.2|8080|8081|TCP',
    ].join('\n'),
    edges: ['10.0.0.1 -> 10.0.0.2 TCP 8080 UNKNOWN assumed'],
    rejected: ['BAD_COUNT', 'BAD_CSV', 'NO_HEADER'],
  },
  {
    title: 'CSV with a column for a whole beside columns of its parts',
    format: 'csv',
    text: [
      'time,source.namespace,source.pod,destination.workload,destination.workload.name,port,protocol',
      '2026-11-22T10:00:00Z,shop,web-1,api,api,8080,TCP',
    ].join('\n'),
    edges: [],
    rejected: ['BAD_CSV', 'NO_HEADER'],
  },
]);
