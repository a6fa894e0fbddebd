import type { Section } from '../build/board.ts'
import { chiSquarePerDegree, idlePods, spread } from '../build/promql.ts'
import { alert } from '../build/runbooks.ts'
import { stat } from '../build/stat.ts'
import { highIsBad, lowIsBad, someIsBad } from '../build/thresholds.ts'

const service = '{{service}}'

/** Scores: one number each for the whole service. */
export const isItEven: Section = {
  title: 'Is it even?',
  panels: [
    stat({
      title: 'Effective endpoints',
      description:
        'How many pods, sharing evenly, would do the same work: n times the index beside it. 3.0 of 3 is even; 1.0 of 3 means that one pod does it all and two are paid for in vain. Compare it with the number of pods in the table below.',
      unit: 'none',
      decimals: 1,
      width: 4,
      noValue: 'no calls',
      queries: [{ expr: spread.effective, legend: service }],
    }),
    stat({
      title: "Jain's index",
      description: `100 %: all pods get the same. 1/n: one pod gets everything. Red below 80 %, where the alert ${alert('GrpcLbSkewed')} begins (a coefficient of variation of 0.5); yellow below 95 %. Weighted splits are uneven on purpose: compare their shares with their weights instead.`,
      unit: 'percentunit',
      decimals: 0,
      min: 0,
      max: 1,
      width: 4,
      noValue: 'no calls',
      steps: lowIsBad(0.8, 0.95),
      queries: [{ expr: spread.jain, legend: service }],
    }),
    stat({
      title: 'Coefficient of variation',
      description: `Standard deviation of the pods' rates over their mean. 0: even. It grows to the root of n - 1 when one pod gets everything. Red from 0.5 on, as the alert ${alert('GrpcLbSkewed')}; yellow from 0.23 on. Few calls are uneven by chance: random picks of N calls over k pods give about the root of (k - 1)/N.`,
      unit: 'none',
      decimals: 2,
      width: 4,
      noValue: 'no calls',
      steps: highIsBad(0.23, 0.5),
      queries: [{ expr: spread.cv, legend: service }],
    }),
    stat({
      title: 'Busiest pod over the mean',
      description:
        'How many times its fair share the busiest pod gets. This is what capacity is planned by: at 2 every pod needs twice the room, or the busiest one is overloaded. Yellow from 1.25 on, red from 2 on.',
      unit: 'none',
      decimals: 2,
      width: 4,
      noValue: 'no calls',
      steps: highIsBad(1.25, 2),
      queries: [{ expr: spread.maxMean, legend: service }],
    }),
    stat({
      title: 'Chi-square per degree of freedom',
      description:
        'Over five minutes, whatever the load: near 0 is round robin, near 1 random picks, tens a skew that chance does not explain, hundreds a pinned service. Yellow from 5 on (1 in 100 for random picks), red from 50 on. One pod alone has none.',
      unit: 'none',
      decimals: 1,
      width: 4,
      noValue: 'no calls',
      steps: highIsBad(5, 50),
      queries: [{ expr: chiSquarePerDegree, legend: service }],
    }),
    stat({
      title: 'Idle pods',
      description: `Pods that get no call while their service is called. Anything but 0 is red: clients do not know these pods, or keep to the connections they have. The alert is ${alert('GrpcLbEndpointWithoutTraffic')}.`,
      unit: 'none',
      decimals: 0,
      width: 4,
      noValue: 'no calls',
      steps: someIsBad,
      queries: [{ expr: idlePods, legend: service }],
    }),
  ],
}
