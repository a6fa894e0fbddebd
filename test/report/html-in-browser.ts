// What runs in the browser is text here: the project's types have no DOM.

/** Pictures that have no name for who cannot see them. */
export const unnamedPictures = `[...document.querySelectorAll('svg')].filter(svg =>
  svg.closest('[aria-hidden=true]') === null && svg.parentElement.closest('svg') === null &&
  !(svg.getAttribute('role') === 'img' && svg.querySelector('title')?.textContent.trim())).map(svg => svg.outerHTML)`

/** The contrast of every text and every drawn line with the colour it is on, by the WCAG formula. */
export const contrasts = `(() => {
  const rgb = (color) => (color.match(/[\\d.]+/g) ?? []).map(Number)
  const light = (color) => {
    const [r, g, b] = rgb(color).map((part) => part / 255).map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const ratio = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05)
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = getComputedStyle(at).backgroundColor
      if (rgb(color)[3] !== 0) return color
    }
    return 'rgb(255, 255, 255)'
  }
  const found = []
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement
    if (walker.currentNode.textContent.trim() === '' || element.closest('title, desc, style')) continue
    const style = getComputedStyle(element)
    found.push({ what: walker.currentNode.textContent, ratio: ratio(element.closest('svg') ? style.fill : style.color, ground(element)), least: 4.5 })
  }
  for (const line of document.querySelectorAll('.line, .failed, .share, line.mark')) {
    const style = getComputedStyle(line)
    const color = style.stroke === 'none' ? style.fill : style.stroke
    found.push({ what: line.getAttribute('class'), ratio: ratio(color, ground(line)), least: 3 })
  }
  return found
})()`
