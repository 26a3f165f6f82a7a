/** Tells the directory that something that it shows of an account has changed: name, picture, profile, rating, status. */
export interface DoctorNews {
  /** To be called after the change has been committed, for any account; never throws. */
  doctorChanged(accountId: string): void;
}
