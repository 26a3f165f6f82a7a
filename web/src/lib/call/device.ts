import type { RtpCapabilities } from '@health-connect/contract';
import { Device } from 'mediasoup-client';

/** The browser's side of the media engine, ready for what the router can route. Throws in browsers without WebRTC. */
export async function loadDevice(routerRtpCapabilities: RtpCapabilities): Promise<Device> {
  const device = new Device();
  await device.load({ routerRtpCapabilities });
  return device;
}
