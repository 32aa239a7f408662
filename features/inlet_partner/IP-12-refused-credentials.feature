@IP-12
Feature: Refused credentials stop the calls

  Scenario: The credential is withdrawn
    Given Inlet refuses the credential from now on
    When guests' stays are booked
    Then at most two more calls arrive within 30 minutes of the first refusal
