import type { NewDoctor } from '../doctors/doctor.repository.ts';
import type { PatientRecord } from '../patients/patient.repository.ts';

/** A reserved domain: mail to it reaches nobody (RFC 2606). */
const DOMAIN = 'demo.hospital.example';

interface Person {
  readonly name: string;
  readonly email: string;
}

export type DemoDoctor = Person & { readonly profile: Omit<NewDoctor, 'id'> };
export type DemoPatient = Person & { readonly profile: Omit<PatientRecord, 'id'> };

const weekdays = (start: string, end: string, slotMinutes: number, days = [1, 2, 3, 4, 5]) =>
  days.map((weekday) => ({ weekday, start, end, slotMinutes }));

/** Doctors of the demonstration hospital, in two time zones. The first one's door is open at every start. */
export const DEMO_DOCTORS: readonly DemoDoctor[] = [
  {
    name: 'Dr. Clara Hoffmann',
    email: `clara.hoffmann@${DOMAIN}`,
    profile: {
      specialization: 'General medicine',
      qualification: 'MD, specialist in general internal medicine',
      experienceYears: 14,
      about: 'First contact for adults: acute complaints, check-ups and long-term illness.',
      languages: ['German', 'English', 'French'],
      contactNumber: '+49 30 5550 1001',
      timeZone: 'Europe/Berlin',
      schedule: [...weekdays('09:00', '12:30', 20), ...weekdays('14:00', '17:00', 20, [1, 2, 4])],
    },
  },
  {
    name: 'Dr. Emre Yilmaz',
    email: `emre.yilmaz@${DOMAIN}`,
    profile: {
      specialization: 'Dermatology',
      qualification: 'MD, specialist in skin and venereal diseases',
      experienceYears: 9,
      about: 'Skin changes, eczema, acne and allergies, also from a good photograph.',
      languages: ['German', 'Turkish', 'English'],
      contactNumber: '+49 30 5550 1002',
      timeZone: 'Europe/Berlin',
      schedule: weekdays('10:00', '16:00', 15, [1, 2, 3, 4]),
    },
  },
  {
    name: 'Dr. Grace Okafor',
    email: `grace.okafor@${DOMAIN}`,
    profile: {
      specialization: 'Cardiology',
      qualification: 'MD, FACC, specialist in cardiovascular disease',
      experienceYears: 21,
      about: 'High blood pressure, rhythm disorders and care after a heart attack.',
      languages: ['English'],
      contactNumber: '+1 212 555 0103',
      timeZone: 'America/New_York',
      schedule: [...weekdays('08:30', '12:00', 30), ...weekdays('13:00', '15:30', 30, [2, 3, 4])],
    },
  },
  {
    name: 'Dr. Daniel Rivera',
    email: `daniel.rivera@${DOMAIN}`,
    profile: {
      specialization: 'Pediatrics',
      qualification: 'MD, FAAP, specialist in child and adolescent medicine',
      experienceYears: 6,
      about: 'From newborn to teenager: fever, growth, vaccinations and worried parents.',
      languages: ['English', 'Spanish'],
      contactNumber: '+1 212 555 0104',
      timeZone: 'America/New_York',
      schedule: weekdays('09:00', '17:00', 20, [1, 3, 5]),
    },
  },
];

/** Patients of the demonstration hospital. The first one is expected by the first doctor. */
export const DEMO_PATIENTS: readonly DemoPatient[] = [
  {
    name: 'Amina Haddad',
    email: `amina.haddad@${DOMAIN}`,
    profile: {
      dateOfBirth: '1987-03-14',
      gender: 'female',
      contactNumber: '+49 151 5550 2001',
      bloodGroup: 'A+',
      allergies: ['Penicillin'],
      emergencyContact: [{ name: 'Karim Haddad', relationship: 'Husband', phone: '+49 151 5550 2901' }],
    },
  },
  {
    name: 'Jonas Lindqvist',
    email: `jonas.lindqvist@${DOMAIN}`,
    profile: {
      dateOfBirth: '1954-11-02',
      gender: 'male',
      contactNumber: '+49 151 5550 2002',
      bloodGroup: 'O-',
      allergies: [],
      emergencyContact: [{ name: 'Eva Lindqvist', relationship: 'Daughter', phone: '+49 151 5550 2902' }],
    },
  },
  {
    name: 'Maya Thompson',
    email: `maya.thompson@${DOMAIN}`,
    profile: {
      dateOfBirth: '1999-07-23',
      gender: 'female',
      contactNumber: '+1 917 555 0203',
      bloodGroup: 'B+',
      allergies: ['Latex', 'Hazelnut'],
      emergencyContact: [{ name: 'Ruth Thompson', relationship: 'Mother', phone: '+1 917 555 0293' }],
    },
  },
];

export const DEMO_STAFF: Person = { name: 'Peter Novak', email: `reception@${DOMAIN}` };
export const DEMO_ADMINISTRATOR: Person = { name: 'Ines Moreau', email: `administrator@${DOMAIN}` };
