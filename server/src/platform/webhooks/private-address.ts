import { BlockList, isIP } from 'node:net'

// Addresses that lead back into the house or nowhere (IANA special-purpose registries, RFC 6890): a webhook
// to one of them would let whoever writes settings talk to machines that only we can reach.

const V4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const
/** What is globally routed in IPv6; everything else is refused. */
const V6_GLOBAL = [['2000::', 3]] as const
const V6 = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const

const refused4 = new BlockList()
for (const [net, bits] of V4) refused4.addSubnet(net, bits, 'ipv4')
const global6 = new BlockList()
for (const [net, bits] of V6_GLOBAL) global6.addSubnet(net, bits, 'ipv6')
const refused6 = new BlockList()
for (const [net, bits] of V6) refused6.addSubnet(net, bits, 'ipv6')

/** Whether an address is not of the public internet; what is no address at all counts as private. */
export function isPrivateAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return refused4.check(address, 'ipv4')
    case 6:
      // An IPv4 address in the clothes of IPv6 (::ffff:…, 64:ff9b::…) lies outside 2000::/3.
      return !global6.check(address, 'ipv6') || refused6.check(address, 'ipv6')
    default:
      return true
  }
}
