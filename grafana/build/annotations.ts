/** Marks in every panel while an alert of ours fires; Prometheus itself keeps this series. */
export const firingAlerts = {
  name: 'Alerts',
  expr: 'ALERTS{alertname=~"GrpcLb.*", alertstate="firing", namespace=~"$namespace"}',
  titleFormat: '{{alertname}}',
  textFormat: '{{service}} {{pod}}',
  iconColor: 'red',
} as const
