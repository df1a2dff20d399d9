// Passkeys: the browser makes or uses one, and its answer is sent by the form beside the button.
const form = document.querySelector('[data-passkey]')
const status = document.querySelector('[data-passkey-status]')
const able = window.PublicKeyCredential?.parseRequestOptionsFromJSON && window.isSecureContext
const FAILED = 'No passkey was used. Try again, or use another way.'

async function options () {
  const written = document.getElementById('passkey-options')
  if (written) return JSON.parse(written.textContent)
  const answer = await fetch(form.action, { headers: { Accept: 'application/json' } })
  return answer.json()
}

async function ask () {
  const given = await options()
  if (given.creation_options) {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(given.creation_options.publicKey)
    return navigator.credentials.create({ publicKey })
  }
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(given.request_options.publicKey)
  return navigator.credentials.get({ publicKey })
}

if (form && able) {
  form.hidden = false
  form.querySelector('button').addEventListener('click', async () => {
    status.textContent = ''
    try {
      form.elements.credential.value = JSON.stringify(await ask())
      form.submit()
    } catch {
      status.textContent = FAILED
    }
  })
} else if (form) {
  document.querySelector('[data-passkey-missing]')?.removeAttribute('hidden')
}
