import { ActionGroup, post } from './action-group.js'
import { element } from './dom.js'
import { number, plural } from './format.js'

/** Lets the client that shows the page make calls: they count in its tally, and are judged for themselves. */
/** @param {number} maximumRequests */
export function callActions(maximumRequests) {
  const group = new ActionGroup('Call from this client')
  const start = String(Math.min(1000, maximumRequests))
  const size = element('input', {
    type: 'number',
    min: '1',
    max: String(maximumRequests),
    step: '1',
    value: start,
    inputmode: 'numeric',
  })
  group.field('Calls', size)
  const label = () => `Run ${plural(Number(size.value), 'call')}`
  const button = group.button(label(), async () => {
    if (!size.checkValidity()) throw new Error(`Choose a whole number of calls from 1 to ${number(maximumRequests)}.`)
    const { requests, failed, judgement } = await post('calls', { requests: Number(size.value) })
    const failures = failed > 0 ? `, ${number(failed)} failed` : ''
    return `${plural(requests, 'call')}${failures}: ${judgement.verdict}. ${judgement.reason}`
  })
  size.addEventListener('input', () => {
    if (size.checkValidity()) button.textContent = label()
  })
  return group.element
}

/** Calls Echo from the browser and says honestly what that shows. */
export function browserCall() {
  const group = new ActionGroup('Call from this browser')
  group.button('Call from the browser', async () => {
    const { server } = await post('evenly.echo.v1.Echo/Hello', { clientId: 'browser', message: 'hi' })
    return `${server?.pod ?? 'A pod without a name'} answered.`
  })
  const note = 'A page calls the pod that served it, always the same one, unless a gateway stands between and chooses.'
  group.element.append(element('p', { class: 'note' }, note))
  return group.element
}
