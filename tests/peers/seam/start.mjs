// Starts Seam's public test server on the loopback address, seeds the locks
// that seam/subject.toml names, prints the server's address as its only line,
// and ends when its standard input closes, so that it never outlives its parent.
//
// Usage: node start.mjs FOLDER [PORT]
//   FOLDER  holds `node_modules`
//   PORT    0, the default, for a free one

import { createServer } from "node:net"
import { join, resolve } from "node:path"
import { pathToFileURL } from "node:url"

// Without this every error carries a stack trace with paths of this machine.
process.env.NODE_ENV = "production"

const home = resolve(process.argv[2] ?? ".")
const wanted = Number(process.argv[3] ?? 0)
const entry = join(home, "node_modules/@seamapi/fake-seam-connect/dist/index.js")
const { createFake } = await import(pathToFileURL(entry).href)

const fake = await createFake()
const { seed_workspace_1: workspace_id } = await fake.seed()

const account = (connected_account_id, email) =>
  fake.database.addConnectedAccount({
    workspace_id,
    provider: "august",
    connected_account_id,
    user_identifier: { email },
  })

const lock = (device_id, name, properties = {}, rest = {}) =>
  fake.database.addDevice({
    device_id,
    name,
    display_name: name,
    workspace_id,
    connected_account_id: "house_account",
    device_type: "august_lock",
    can_remotely_lock: true,
    can_remotely_unlock: true,
    can_program_online_access_codes: true,
    ...rest,
    properties: {
      name,
      manufacturer: "august",
      online: true,
      locked: true,
      supported_code_lengths: [4, 5, 6, 7, 8],
      battery: { level: 0.83, status: "full" },
      ...properties,
    },
  })

account("house_account", "house@example.com")
account("empty_account", "empty@example.com")
lock("house_front_door", "House front door")
lock("house_back_door", "House back door")
lock("house_cellar_door", "House cellar door", { battery: { level: 0.12, status: "low" } })
lock(
  "house_garage_door",
  "House garage door",
  { online: false },
  { errors: [{ error_code: "device_offline", message: "Device is offline" }] },
)

// The test server takes its own address as an argument, so the port is chosen
// before it listens.
const freePort = () =>
  new Promise((done, failed) => {
    const probe = createServer()
    probe.once("error", failed)
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address()
      probe.close(() => done(port))
    })
  })

const listen = async (attempts) => {
  const port = wanted || (await freePort())
  const baseUrl = `http://127.0.0.1:${port}`
  try {
    // Given as an object, the port is handed to `listen` with its host: a bare
    // number would bind every address of the machine.
    await fake.startServer({ port: { host: "127.0.0.1", port }, baseUrl, signals: [] })
    return baseUrl
  } catch (error) {
    if (error.code === "EADDRINUSE" && !wanted && attempts > 1) return listen(attempts - 1)
    throw error
  }
}

const address = await listen(5)
process.stdin.resume()
process.stdin.once("end", () => process.exit(0))
process.stdin.once("error", () => process.exit(0))
console.log(address)
