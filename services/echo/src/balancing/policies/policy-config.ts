import { experimental as grpc } from '@grpc/grpc-js'

/** What a service config says of one of our policies. */
export class PolicyConfig<Settings> implements grpc.TypedLoadBalancingConfig {
  readonly settings: Settings
  private readonly name: string
  private readonly json: unknown

  /** @param json that the settings were read from. */
  constructor(name: string, json: unknown, settings: Settings) {
    this.name = name
    this.json = json
    this.settings = settings
  }

  getLoadBalancerName(): string {
    return this.name
  }

  toJsonObject(): object {
    return { [this.name]: this.json }
  }
}

/**
 * Makes grpc-js know a policy by its name in a service config. More than once is as good as once.
 * @param read the settings from JSON; throws an Error of one sentence for what are none.
 */
export function registerPolicy<Settings>(
  name: string,
  policy: new (parent: grpc.ChannelControlHelper) => grpc.LoadBalancer,
  read: (json: unknown) => Settings,
): void {
  if (grpc.isLoadBalancerNameRegistered(name)) return
  class Config extends PolicyConfig<Settings> {
    static createFromJson(json: unknown): Config {
      return new Config(name, json, read(json))
    }
  }
  grpc.registerLoadBalancerType(name, policy, Config)
}
