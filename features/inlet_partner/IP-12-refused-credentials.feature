@IP-12
Feature: Refused credentials stop the calls

  Scenario: The credential is withdrawn
    Given the credential was refused while guests booked
    Then at most two more calls arrive within 30 minutes of the first refusal
