/**
 * Optional request header with the id of the account that the page shows. When the session cookie belongs to another
 * account, the request is refused with `account_changed` before anything is read or written: a page that slept while
 * somebody else signed in in the same browser cannot act as them.
 */
export const ACCOUNT_HEADER = 'x-health-connect-account';
