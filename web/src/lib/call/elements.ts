import type { Attachment } from 'svelte/attachments';
import { wantedWidthPx } from './layers.ts';

/** Plays a track in an element for as long as both are there. */
export function playTrack(track: MediaStreamTrack | undefined, onBlocked?: () => void): Attachment<HTMLMediaElement> {
  return (element) => {
    if (track === undefined) return;
    element.srcObject = new MediaStream([track]);
    element.play().catch((error: unknown) => {
      // Anything but a refusal is the element going away while it starts.
      if (error instanceof DOMException && error.name === 'NotAllowedError') onBlocked?.();
    });
    return () => {
      element.srcObject = null;
    };
  };
}

/** Plays the sound on a chosen speaker, where the browser can. */
export function useSpeaker(deviceId: string | undefined): Attachment<HTMLMediaElement> {
  return (element) => {
    if (deviceId === undefined || !('setSinkId' in element)) return;
    // An unplugged speaker: the sound stays where it is.
    element.setSinkId(deviceId).catch(() => undefined);
  };
}

/** Reports how wide an element is shown, in device pixels; 0 while it is out of sight or the page is hidden. */
export function reportWidth(report: (widthPx: number) => void): Attachment<HTMLElement> {
  return (element) => {
    let inView = true;
    const tell = (): void => {
      const shown = inView && document.visibilityState === 'visible';
      report(wantedWidthPx(element.clientWidth, devicePixelRatio, shown));
    };
    const sizes = new ResizeObserver(tell);
    const views = new IntersectionObserver((entries) => {
      inView = entries.at(-1)?.isIntersecting ?? inView;
      tell();
    });
    sizes.observe(element);
    views.observe(element);
    document.addEventListener('visibilitychange', tell);
    return () => {
      sizes.disconnect();
      views.disconnect();
      document.removeEventListener('visibilitychange', tell);
      report(0);
    };
  };
}
