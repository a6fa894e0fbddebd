import { experimental } from '@grpc/grpc-js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { exitCode } from '../../../scripts/lib/exit.ts'
import { type BalancingChoice, chooseBalancing } from '../../../services/echo/src/balancing/service-config.ts'

const fixed = { seed: 20_261_121 }
const config = (value: unknown): BalancingChoice => ({ serviceConfig: JSON.stringify(value) })
const usage = (message: unknown) => expect.objectContaining({ exitCode: exitCode.usage, message })

describe('the balancing of a client', () => {
  it("is gRPC's own default without a choice", () => {
    const { policy, serviceConfigJson } = chooseBalancing({})
    expect([policy, JSON.parse(serviceConfigJson)]).toEqual([
      'pick_first',
      { loadBalancingConfig: [{ pick_first: {} }] },
    ])
  })

  it.each(['pick_first', 'round_robin', 'least_request', 'weighted_round_robin'])(
    'is %s when asked for by name',
    (lbPolicy) => {
      const { policy, serviceConfigJson } = chooseBalancing({ lbPolicy })
      expect([policy, JSON.parse(serviceConfigJson)]).toEqual([lbPolicy, { loadBalancingConfig: [{ [lbPolicy]: {} }] }])
    },
  )

  it('tries calls that end UNAVAILABLE again when asked for more attempts than one', () => {
    const { serviceConfigJson } = chooseBalancing({ lbPolicy: 'round_robin', maxAttempts: 3 })
    const [{ name, retryPolicy }] = JSON.parse(serviceConfigJson).methodConfig
    expect([name, retryPolicy]).toMatchObject([[{}], { maxAttempts: 3, retryableStatusCodes: ['UNAVAILABLE'] }])
    expect(chooseBalancing({ maxAttempts: 1 }).serviceConfigJson).not.toContain('methodConfig')
  })

  it('is a whole service config, handed to the channel as it was written', () => {
    const text = '{ "loadBalancingConfig": [{"round_robin": {}}], "methodConfig": [] }'
    expect(chooseBalancing({ serviceConfig: text })).toEqual({ policy: 'round_robin', serviceConfigJson: text })
  })

  it('is the first entry that grpc-js can obey, as gRPC has it', () => {
    const list = [{ least_request_experimental: {} }, { round_robin: {} }, { pick_first: {} }]
    expect(chooseBalancing(config({ loadBalancingConfig: list })).policy).toBe('round_robin')
    expect(chooseBalancing(config({ methodConfig: [] })).policy).toBe('pick_first')
  })

  it('is outlier detection around a child, when its settings are ones that grpc-js reads', () => {
    const settings = { interval: { seconds: 1, nanos: 0 }, child_policy: [{ round_robin: {} }] }
    expect(chooseBalancing(config({ loadBalancingConfig: [{ outlier_detection: settings }] })).policy).toBe(
      'outlier_detection',
    )
  })
})

describe('a policy of ours whose settings are wrong', () => {
  const wrong = { least_request: { choiceCount: 1 } }
  const why = 'choiceCount must be a whole number from 2 to 100, not 1'
  const outlierDetection = (child: object[]) => ({ outlier_detection: { child_policy: child } })

  it.each([
    ['alone', [wrong], 'loadBalancingConfig[0]'],
    ['before one that would be used in its place', [wrong, { round_robin: {} }], 'loadBalancingConfig[0]'],
    ['after the one that is used', [{ round_robin: {} }, wrong], 'loadBalancingConfig[1]'],
    ['after one that nobody knows', [{ rls: {} }, wrong], 'loadBalancingConfig[1]'],
    [
      'inside another',
      [outlierDetection([{ rls: {} }, wrong])],
      'loadBalancingConfig[0].outlier_detection.child_policy[1]',
    ],
    [
      'inside another, behind one that would be used',
      [outlierDetection([{ round_robin: {} }, wrong])],
      'loadBalancingConfig[0].outlier_detection.child_policy[1]',
    ],
    [
      'two deep',
      [outlierDetection([outlierDetection([wrong])])],
      'loadBalancingConfig[0].outlier_detection.child_policy[0].outlier_detection.child_policy[0]',
    ],
  ])('is refused and named where it stands, %s', (_, loadBalancingConfig, path) => {
    expect(() => chooseBalancing(config({ loadBalancingConfig }))).toThrow(
      usage(
        `--service-config: ${path} {"least_request":{"choiceCount":1}}: grpc-js cannot read the policy's settings and would silently use pick_first (least_request: ${why}).`,
      ),
    )
  })

  it('is refused inside another when that one has no policy that is known, or one entry with two', () => {
    const unknown = outlierDetection([{ rls: {} }])
    expect(() => chooseBalancing(config({ loadBalancingConfig: [unknown] }))).toThrow(
      usage(expect.stringMatching(/cannot read/)),
    )
    const two = outlierDetection([{ least_request: {}, round_robin: {} }, { round_robin: {} }])
    expect(() => chooseBalancing(config({ loadBalancingConfig: [two] }))).toThrow(
      usage(expect.stringMatching(/child_policy\[0\] names least_request and round_robin: an entry has one policy/)),
    )
  })

  it('is taken when they are right, however deep', () => {
    const right = { least_request: { choiceCount: 3, slowStart: { window: '5s' } } }
    expect(chooseBalancing(config({ loadBalancingConfig: [right] })).policy).toBe('least_request')
    const deep = outlierDetection([outlierDetection([right])])
    expect(chooseBalancing(config({ loadBalancingConfig: [{ rls: {} }, deep] })).policy).toBe('outlier_detection')
  })
})

describe('a policy that is made for control planes', () => {
  it('is refused though grpc-js knows it', () => {
    class Foreign {
      static createFromJson = () => new Foreign()
      getLoadBalancerName = () => 'evenly_foreign'
      toJsonObject = () => ({ evenly_foreign: {} })
    }
    experimental.registerLoadBalancerType('evenly_foreign', class {} as never, Foreign)
    const loadBalancingConfig = [{ evenly_foreign: {} }, { round_robin: {} }]
    expect(() => chooseBalancing(config({ loadBalancingConfig }))).toThrow(
      usage(
        expect.stringMatching(
          /^--service-config: loadBalancingConfig\[0\] evenly_foreign is not for a service config: choose pick_first, round_robin, /,
        ),
      ),
    )
    expect(() => chooseBalancing({ lbPolicy: 'evenly_foreign' })).toThrow(usage(expect.stringMatching(/does not know/)))
  })
})

describe('balancing that grpc-js would drop for pick_first without a word', () => {
  it('is refused for any policy that is not registered', () => {
    expect(() => chooseBalancing({ lbPolicy: 'nonsense' })).toThrow(
      usage(
        expect.stringMatching(
          /^--lb-policy nonsense: grpc-js does not know the policy and would silently use pick_first: choose pick_first, round_robin, least_request, .*\.$/,
        ),
      ),
    )
    const unknown = fc.string().filter((name) => !experimental.isLoadBalancerNameRegistered(name))
    const inherited = fc.constantFrom('constructor', 'toString', '__proto__', 'hasOwnProperty', 'ROUND_ROBIN', '')
    fc.assert(
      fc.property(fc.oneof(unknown, inherited), (lbPolicy) => {
        expect(() => chooseBalancing({ lbPolicy })).toThrow(usage(expect.stringMatching(/^--lb-policy .*pick_first/s)))
      }),
      fixed,
    )
  })

  it.each([
    ['JSON is broken', '{', /^--service-config is not JSON \(.*\): quote it for the shell\.$/],
    ['it is a list', '[]', /^--service-config must be a JSON object such as /],
    ['it is null', 'null', /^--service-config must be a JSON object such as /],
    ['the field is the legacy one', '{"loadBalancingPolicy":"round_robin"}', /ignores the legacy field/],
    ['the list is empty', '{"loadBalancingConfig":[]}', /must be a list such as/],
    ['the list is none', '{"loadBalancingConfig":{"round_robin":{}}}', /must be a list such as/],
    ['an entry is a name', '{"loadBalancingConfig":["round_robin"]}', /"round_robin" is no balancing policy entry/],
    ['no entry is known', '{"loadBalancingConfig":[{"rls":{}}]}', /\{"rls":\{\}\}.*does not know/],
    ['an entry has two policies', '{"loadBalancingConfig":[{"round_robin":{},"pick_first":{}}]}', /cannot read/],
    [
      'a duration is written as text',
      '{"loadBalancingConfig":[{"outlier_detection":{"interval":"1s","child_policy":[{"round_robin":{}}]}}]}',
      /cannot read the policy's settings/,
    ],
    [
      'a key is in camel case',
      '{"loadBalancingConfig":[{"outlier_detection":{"childPolicy":[{"round_robin":{}}]}}]}',
      /cannot read the policy's settings/,
    ],
  ])('is refused when %s', (_, serviceConfig, sentence) => {
    expect(() => chooseBalancing({ serviceConfig })).toThrow(usage(expect.stringMatching(sentence)))
  })

  it('is refused when two options choose the same', () => {
    expect(() => chooseBalancing({ lbPolicy: 'round_robin', serviceConfig: '{}' })).toThrow(
      usage('--lb-policy and --service-config both choose the balancing policy: give one of them.'),
    )
    expect(() => chooseBalancing({ maxAttempts: 2, serviceConfig: '{}' })).toThrow(
      usage('--max-attempts and --service-config both say when to retry: put a retryPolicy into the latter.'),
    )
  })
})
