// Saves what is typed a moment after it was, by the same form and address. Without this, the buttons save.
const form = document.querySelector('[data-autosave]')
const status = document.querySelector('[data-autosave-status]')
let waiting
let saving

async function save () {
  try {
    const answer = await fetch(form.action, { method: 'POST', body: new FormData(form), headers: { 'X-Autosave': '1' } })
    const said = answer.ok ? await answer.json() : { problem: 'It could not be saved by itself. Use the button.' }
    if (said.problem) {
      status.textContent = said.problem
    } else {
      form.elements.seen.value = said.seen
      status.textContent = 'Saved.'
    }
  } catch {
    status.textContent = 'Not saved by itself: the connection is gone. What you typed is still here; use the button later.'
  }
  saving = undefined
}

form?.addEventListener('input', () => {
  clearTimeout(waiting)
  waiting = setTimeout(() => { saving ??= save() }, 2000)
})
form?.addEventListener('submit', async event => {
  clearTimeout(waiting)
  if (!saving) return
  // What is being saved already would make this one look like somebody else's: wait for its answer, then send.
  event.preventDefault()
  await saving
  form.requestSubmit(event.submitter)
})
