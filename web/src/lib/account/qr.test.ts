import { describe, expect, it } from 'vitest';
import { groupsOfFour, qrImage } from './qr.ts';

describe('authenticator set-up', () => {
  it('draws the code as an image without asking anybody', async () => {
    const image = await qrImage('otpauth://totp/x?secret=JBSWY3DPEHPK3PXP');
    expect(image).toMatch(/^data:image\/svg\+xml;charset=utf-8,%3Csvg/);
    expect(image).not.toContain('JBSWY3DPEHPK3PXP');
  });

  it('groups the key', () => {
    expect(groupsOfFour('JBSWY3DPEH')).toBe('JBSW Y3DP EH');
  });
});
