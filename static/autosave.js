// Saves what is typed a moment after it was, by the same form and address. Without this, the buttons save.
const form = document.querySelector('[data-autosave]')
const status = document.querySelector('[data-autosave-status]')
const SIGNED_OUT = 'You are signed out, and this is not saved. Sign in in another window, then use the button here.'
const FAILED = 'It could not be saved by itself. Use the button.'
const GONE = 'Not saved by itself: the connection is gone. What you typed is still here; use the button later.'
let waiting
let saving
let changed = false

function send (keepalive) {
  changed = false
  return fetch(form.action, { method: 'POST', body: new FormData(form), headers: { 'X-Autosave': '1' }, keepalive })
}

async function save () {
  try {
    const answer = await send(false)
    if (answer.redirected) throw new Error(SIGNED_OUT)
    if (!answer.ok) throw new Error(FAILED)
    const said = await answer.json()
    if (said.seen !== undefined) form.elements.seen.value = said.seen
    status.textContent = said.problem ?? 'Saved.'
  } catch (error) {
    changed = true
    status.textContent = error instanceof TypeError ? GONE : error.message
  }
  saving = undefined
  if (changed && status.textContent === 'Saved.') later()
}

function later () {
  clearTimeout(waiting)
  waiting = setTimeout(() => { saving ??= save() }, 2000)
}

form?.addEventListener('input', () => {
  changed = true
  if (!saving) later()
})
form?.addEventListener('submit', async event => {
  clearTimeout(waiting)
  if (saving) {
    // What is being saved already would make this one look like somebody else's: wait for its answer, then send.
    event.preventDefault()
    await saving
    clearTimeout(waiting)
    form.requestSubmit(event.submitter)
    return
  }
  changed = false
})
// Whoever leaves the page within the moment keeps what they typed.
addEventListener('pagehide', () => { if (form && changed && !saving) send(true) })
