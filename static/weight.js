// Asks the server what the choices made so far weigh. Nothing is worked out here; without this, a button asks.
const region = document.querySelector('[data-weigh]')
const form = region?.closest('form')
const parts = /^(category|factors|override|count_.*)$/
let waiting
let asked = 0

async function weigh () {
  const turn = ++asked
  const chosen = [...new FormData(form)].filter(([name]) => parts.test(name))
  try {
    const answer = await fetch(`${region.dataset.weigh}?${new URLSearchParams(chosen)}`)
    if (answer.ok && turn === asked) region.innerHTML = await answer.text()
  } catch {
    // Without an answer the figure stays as it was, and the button still asks.
  }
}

form?.addEventListener('input', event => {
  if (!parts.test(event.target.name)) return
  clearTimeout(waiting)
  waiting = setTimeout(weigh, 300)
})
