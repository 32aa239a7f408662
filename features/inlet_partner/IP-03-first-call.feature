@IP-03
Feature: Basic connectivity comes first

  Scenario: The first call of a fresh integration
    Given a guest's stay was booked
    Then the first call of the run was accepted
